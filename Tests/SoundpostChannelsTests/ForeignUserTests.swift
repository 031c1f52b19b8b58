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
    private func start(_ program: String, _ arguments: [String] = []) throws -> (
        process: Process, line: @Sendable () -> String
    ) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            ["-c", "import os, socket, sys\npath = sys.argv[1]\n" + program, directory.path] + arguments
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

    // MARK: Groups

    private static let group = "4711"

    /// Another user, with the group beside its own or without, says one thing and prints what it hears.
    private static let member = """
        os.setgroups([4711] if sys.argv[2] == "member" else []); os.setgid(65534); os.setuid(65534)
        end = socket.socket(socket.AF_UNIX)
        try:
            end.connect(path + "/soundpost_group.sock")
            end.send(b'{"type":"data","data":"hello"}\\n')
            print(end.recv(100), flush=True)
        except OSError as error:
            print(type(error).__name__, flush=True)
        """

    @Test func aGroupIsLetInWhereItIsNamed() async throws {
        let place = try SocketPlace(directory: directory.path, group: Self.group)
        #expect(chown(directory.path, 0, 4711) == 0 && chmod(directory.path, 0o750) == 0)
        let server = try LocalSocketServer("group", in: place)
        var status = stat()
        #expect(stat(server.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660 && status.st_gid == 4711)
        let (stranger, refusal) = try start(Self.member, ["stranger"])
        #expect(try await onThread { refusal() } == "PermissionError")
        stranger.waitUntilExit()
        let (process, line) = try start(Self.member, ["member"])
        try await onThread { () throws in
            let channel = try server.accept()
            #expect(try channel.receive().data == "hello")
            try channel.sendJSON(1)
            #expect(line() == #"b'{"type":"data","data":1}\n'"#)
        }
        process.waitUntilExit()
    }

    /// The file's mode alone lets nobody in.
    @Test func whoIsNotOfTheGroupIsPassedOver() async throws {
        let place = try SocketPlace(directory: directory.path, group: Self.group)
        let server = try LocalSocketServer("group", in: place)
        #expect(chmod(server.path, 0o666) == 0)
        let (process, line) = try start(Self.member, ["stranger"])
        async let accepted = onThread { try server.accept() }
        // Hung up on, whether before or after it could speak.
        let heard = try await onThread { line() }
        #expect(heard == "b''" || heard == "ConnectionResetError" || heard == "BrokenPipeError")
        process.waitUntilExit()
        let (other, answer) = try start(Self.member, ["member"])
        let channel = try await accepted
        try await onThread { () throws in
            #expect(try channel.receive().data == "hello")
            try channel.sendJSON(1)
            #expect(answer().contains("data"))
        }
        other.waitUntilExit()
    }

    /// A member's server in a directory of its own: met where the group is named, refused elsewhere.
    @Test func aServerOfTheGroupIsMetWhereItIsNamed() async throws {
        let folder = directory.path + "/other"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        #expect(chown(folder, 65534, 4711) == 0 && chmod(folder, 0o755) == 0)
        let (process, line) = try start(
            """
            os.setgroups([4711]); os.setgid(65534); os.setuid(65534)
            end = socket.socket(socket.AF_UNIX); end.bind(path + "/other/soundpost_one.sock")
            end.listen(1)
            print("listening", flush=True)
            for _ in range(2):
                other, _ = end.accept()
                print(other.recv(100), flush=True)
            """)
        #expect(try await onThread { line() } == "listening")
        // Another group is none of its.
        let stranger = try SocketPlace(directory: folder, group: "4712")
        let error = await #expect(throws: ChannelError.self) {
            try await onThread { try Channel.connectLocalSocket("one", in: stranger) }
        }
        #expect(error?.message.contains("another user") == true)
        #expect(try await onThread { line() } == "b''")
        // Without a group the directory itself is none to meet in.
        let own = SocketPlace(directory: folder)
        await #expect(throws: ChannelError.self) {
            try await onThread { try Channel.connectLocalSocket("one", in: own) }
        }
        let place = try SocketPlace(directory: folder, group: Self.group)
        try await onThread { try Channel.connectLocalSocket("one", in: place).sendJSON(2) }
        #expect(try await onThread { line() } == #"b'{"type":"data","data":2}\n'"#)
        process.waitUntilExit()
        // Nobody serves in a directory of another user's.
        #expect(throws: ChannelError.self) { try LocalSocketServer("two", in: place) }
    }

    @Test func namedMemoryIsOpenToTheGroupAlone() throws {
        let (descriptor, name) = try RegionBacking.named.make(4096, token: .random(in: 1...UInt64.max), group: 4711)
        defer {
            close(descriptor)
            name.map { _ = shm_unlink($0) }
        }
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o660 && status.st_gid == 4711)
    }

    @Test func aGroupThatDoesNotExistIsRefused() throws {
        let error = #expect(throws: ChannelError.self) {
            try SocketPlace(directory: directory.path, group: "no such group")
        }
        #expect(error?.message.contains("no such group") == true)
        _ = try SocketPlace(directory: directory.path, group: "root")
    }
}
