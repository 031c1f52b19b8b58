import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

/// Another user's programs. Only root can make one; elsewhere nothing is tested here.
@Suite(.enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
struct ForeignUserTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        // Open to everybody, as no server would make it: what is tested is who is asked for, not the files' modes.
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
    }

    /// Starts a Python program that may become another user; the first line that it prints.
    private func start(_ program: String) throws -> (process: Process, line: @Sendable () -> String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", "import os, socket, sys\npath = sys.argv[1]\n" + program, directory.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let handle = output.fileHandleForReading
        return (
            process,
            {
                var text: [UInt8] = []
                while let byte = handle.readData(ofLength: 1).first, byte != UInt8(ascii: "\n") { text.append(byte) }
                return String(decoding: text, as: UTF8.self)
            }
        )
    }

    @Test func aForeignClientIsPassedOver() async throws {
        let servers = (
            try LocalSocketServer("lines", in: directory.place), try SharedMemoryServer("memory", in: directory.place)
        )
        for path in [servers.0.path, servers.1.path] { #expect(chmod(path, 0o666) == 0) }
        let (process, line) = try start(
            """
            os.setgid(65534); os.setuid(65534)
            got = []
            ends = []
            for name in ("lines", "memory"):
                end = socket.socket(socket.AF_UNIX)
                end.connect(path + "/soundpost_" + name + ".sock")
                ends.append(end)
            print("connected", flush=True)
            for end in ends: got.append(end.recv(100))
            print(got, flush=True)
            """)
        #expect(try await onThread { line() } == "connected")
        // Next in line is a client of ours, which is served.
        let place = directory.place
        let client = try await onThread { try Channel.connectLocalSocket("lines", in: place) }
        try client.sendJSON(1)
        async let memory = onThread {
            Channel(
                over: try RingConnection.connect("memory", codec: .json, timeout: .seconds(60), in: place),
                ChannelOptions())
        }
        try await onThread { () throws in
            #expect(try servers.0.accept().receive().data == 1)
            let server = try servers.1.accept()
            try server.sendJSON(2)
        }
        let connected = try await memory
        #expect(try await onThread { try connected.receive().data } == 2)
        // The foreign one was hung up on without a word.
        #expect(try await onThread { line() } == "[b'', b'']")
        process.waitUntilExit()
    }

    @Test(arguments: [true, false])
    func aForeignServerIsRefused(_ memory: Bool) async throws {
        let (process, line) = try start(
            """
            end = socket.socket(socket.AF_UNIX); end.bind(path + "/soundpost_one.sock")
            os.setgid(65534); os.setuid(65534)
            end.listen(1)
            print("listening", flush=True)
            other, _ = end.accept()
            print(other.recv(100), flush=True)
            """)
        #expect(try await onThread { line() } == "listening")
        let error = #expect(throws: ChannelError.self) {
            if memory {
                _ = try Channel.connectSharedMemory("one", in: directory.place)
            } else {
                _ = try Channel.connectLocalSocket("one", in: directory.place)
            }
        }
        #expect(error?.code == .io)
        #expect(error?.message.contains("another user") == true)
        #expect(try await onThread { line() } == "b''")
        process.waitUntilExit()
    }
}
