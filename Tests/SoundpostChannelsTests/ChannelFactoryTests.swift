import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

@Suite struct ChannelFactoryTests {
    typealias Row = (environment: [String: String], kind: ChannelKind)

    @Test(
        arguments: [
            ([:], .thread), (["SOUNDPOST_IPC_CHANNEL": ""], .thread), (["SOUNDPOST_IPC_CHANNEL": "x"], .localSocket),
            (["SOUNDPOST_IPC_MODE": "", "SOUNDPOST_IPC_CHANNEL": "x"], .localSocket),
            (["SOUNDPOST_IPC_MODE": "thread", "SOUNDPOST_IPC_CHANNEL": "x"], .thread),
            (["SOUNDPOST_IPC_MODE": "local_socket"], .localSocket),
            (["SOUNDPOST_IPC_MODE": "shared_memory", "SOUNDPOST_IPC_CHANNEL": "x"], .sharedMemory),
            (["SOUNDPOST_IPC_MODE": "stdio"], .stdio), (["SOUNDPOST_IPC_MODE": "legacy"], .stdio),
        ] as [Row])
    func theEnvironmentSaysTheKind(_ row: Row) throws {
        #expect(try ChannelFactory(environment: row.environment).detectedKind() == row.kind)
    }

    @Test(arguments: ["other", "STDIO", "local-socket", " "])
    func anUnknownModeIsAnErrorThatNamesTheKnownOnes(_ mode: String) {
        let factory = ChannelFactory(environment: ["SOUNDPOST_IPC_MODE": mode])
        let error = #expect(throws: ChannelError.self) { try factory.create(name: "x") }
        #expect(error?.code == .io)
        #expect(error?.message.contains("'\(mode)'") == true)
        #expect(error?.message.contains("thread, local_socket, shared_memory, stdio and legacy") == true)
    }

    @Test func channelsAreMadeAsClients() async throws {
        let directory = try TemporaryDirectory()
        let lines = try LocalSocketServer("lines", in: directory.place)
        let memory = try SharedMemoryServer("memory", in: directory.place)
        var environment = ["XDG_RUNTIME_DIR": directory.path, "SOUNDPOST_IPC_CHANNEL": "lines"]
        let first = try ChannelFactory(environment: environment).create()
        #expect(first.kind == .localSocket && first.name == "lines")
        try first.sendJSON(1)
        #expect(try await onThread { try lines.accept().receive().data } == 1)
        environment["SOUNDPOST_IPC_MODE"] = "shared_memory"
        environment["SOUNDPOST_IPC_CHANNEL"] = "memory"
        let factory = ChannelFactory(environment: environment)
        // A thread of its own at once: the client waits for it with a time limit.
        let accepted = Promise<Result<Channel, any Error>>()
        BackgroundThread.start("accept") { accepted.set(Result { try memory.accept() }) }
        let second = try await onThread { try factory.create() }
        #expect(second.kind == .sharedMemory)
        let server = try await onThread { try accepted.wait().get() }
        try server.sendJSON(2)
        #expect(try await onThread { try second.receive().data } == 2)
        // What is asked for goes before the environment.
        let third = try factory.create(.thread, name: "own")
        #expect(third.kind == .thread && third.name == "own")
        try third.sendJSON(3)
        #expect(try third.tryReceive()?.data == 3)
    }

    @Test(arguments: [ChannelKind.localSocket, .sharedMemory])
    func withoutANameThereIsNoClient(_ kind: ChannelKind) {
        let error = #expect(throws: ChannelError.self) { try ChannelFactory(environment: [:]).create(kind) }
        #expect(error?.message.contains("SOUNDPOST_IPC_CHANNEL") == true)
    }

    /// `cat` is the smallest program that speaks lines over stdin and stdout.
    @Test func aChildProcessTalksOverItsStandardInputAndOutput() async throws {
        signal(SIGPIPE, SIG_IGN)
        let (input, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/cat")
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let channel = try Channel.lines(
            "child", reading: dup(output.fileHandleForReading.fileDescriptor),
            writing: fcntl(input.fileHandleForWriting.fileDescriptor, F_DUPFD_CLOEXEC, 0))
        try input.fileHandleForWriting.close()
        try input.fileHandleForReading.close()
        #expect(channel.kind == .stdio)
        for number in 0..<100 { try channel.sendJSON(.integer(Int64(number))) }
        channel.shutdown()
        try await onThread { () throws in
            for number in 0..<100 { #expect(try channel.receive().data == .integer(Int64(number))) }
            // It ends when its input does.
            let end = #expect(throws: ChannelError.self) { try channel.receive() }
            #expect(end?.code == .disconnected)
        }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
