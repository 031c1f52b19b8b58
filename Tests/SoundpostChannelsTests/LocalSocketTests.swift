import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

/// Names, files and who may connect.
@Suite struct LocalSocketTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    /// What is left of a server that was killed: its file, at which nobody listens.
    private func leaveStaleSocket(_ name: String) throws {
        close(try boundSocket(name))
    }

    private func boundSocket(_ name: String) throws -> Int32 {
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = directory.path + "/soundpost_\(name).sock"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        try #require(result == 0)
        return socket
    }

    @Test func whoLooksWhetherAServerLivesIsNoClientOfIt() throws {
        let other = try boundSocket("other")
        defer { close(other) }
        try #require(listen(other, 8) == 0)
        try #require(fcntl(other, F_SETFL, O_NONBLOCK) == 0)
        let server = try LocalSocketServer("one", in: directory.place)
        #expect(throws: ChannelError.self) { try LocalSocketServer("other", in: directory.place) }
        #expect(accept(other, nil, nil) == -1)
        #expect(errno == EAGAIN)
        server.close()
    }

    @Test func aServersFileIsTheUsersAloneAndGoesWithIt() throws {
        let server = try LocalSocketServer("one", in: directory.place)
        #expect(server.path == directory.path + "/soundpost_one.sock")
        #expect(try mode(server.path) == 0o600)
        server.close()
        #expect(try directory.files() == [])
    }

    @Test func aLiveServersNameIsTaken() throws {
        let server = try LocalSocketServer("one", in: directory.place)
        let error = #expect(throws: ChannelError.self) { try LocalSocketServer("one", in: directory.place) }
        #expect(error?.code == .io)
        #expect(error?.description.contains("taken") == true)
        let memory = #expect(throws: ChannelError.self) { try SharedMemoryServer("one", in: directory.place) }
        #expect(memory?.code == .io)
        // The look at it did not disturb it.
        let client = try Channel.connectLocalSocket("one", in: directory.place)
        try client.sendJSON(1)
        #expect(try server.accept().tryReceive()?.data == 1)
    }

    @Test func aDeadServersNameIsTakenOverAndOthersAreSwept() throws {
        try leaveStaleSocket("one")
        try leaveStaleSocket("another")
        let live = try LocalSocketServer("live", in: directory.place)
        let server = try LocalSocketServer("one", in: directory.place)
        #expect(try directory.files() == ["soundpost_live.sock", "soundpost_one.sock"])
        _ = (live, server)
    }

    @Test func whatIsNoSocketIsLeftAlone() throws {
        let path = directory.path + "/soundpost_one.sock"
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ChannelError.self) { try LocalSocketServer("one", in: directory.place) }
        _ = try LocalSocketServer("two", in: directory.place)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func aServerRemovesOnlyItsOwnFile() throws {
        let server = try LocalSocketServer("one", in: directory.place)
        try FileManager.default.removeItem(atPath: server.path)
        let successor = try LocalSocketServer("one", in: directory.place)
        server.close()
        #expect(try directory.files() == ["soundpost_one.sock"])
        successor.close()
        #expect(try directory.files() == [])
    }

    @Test func ofManyServersThatStartTogetherOneGetsTheName() async throws {
        try leaveStaleSocket("one")
        let place = directory.place
        for _ in 0..<20 {
            let servers: [LocalSocketServer] = await withTaskGroup(of: LocalSocketServer?.self) { group in
                for _ in 0..<6 { group.addTask { try? LocalSocketServer("one", in: place) } }
                return await group.reduce(into: []) { if let server = $1 { $0.append(server) } }
            }
            #expect(servers.count == 1)
            for server in servers { server.close() }
        }
    }

    @Test func withoutAServerThereIsNoConnection() throws {
        let missing = #expect(throws: ChannelError.self) { try Channel.connectLocalSocket("none", in: directory.place) }
        #expect(missing?.code == .disconnected)
        try leaveStaleSocket("dead")
        let dead = #expect(throws: ChannelError.self) { try Channel.connectLocalSocket("dead", in: directory.place) }
        #expect(dead?.code == .disconnected)
        let memory = #expect(throws: ChannelError.self) { try Channel.connectSharedMemory("dead", in: directory.place) }
        #expect(memory?.code == .disconnected)
    }

    @Test(arguments: ["", ".", "..", "a/b", "a b", "é", "a\n", String(repeating: "x", count: 65), "\0"])
    func illegalNamesAreRefused(_ name: String) {
        #expect(throws: ChannelError.self) { try LocalSocketServer(name, in: directory.place) }
        #expect(throws: ChannelError.self) { try Channel.connectLocalSocket(name, in: directory.place) }
        #expect(throws: ChannelError.self) { try Channel.pair(name) }
    }

    @Test func aPathThatIsTooLongSaysSo() throws {
        let deep = directory.path + "/" + String(repeating: "d", count: 80)
        try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: false)
        let error = #expect(throws: ChannelError.self) {
            try LocalSocketServer(String(repeating: "n", count: 40), in: SocketPlace(directory: deep))
        }
        #expect(error?.message.contains("longer") == true)
    }

    @Test func aDirectoryThatOthersMayWriteToIsNotUsed() throws {
        for (name, mode) in [("group", 0o770), ("all", 0o777)] {
            let path = directory.path + "/" + name
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: ChannelError.self) { try LocalSocketServer("one", in: SocketPlace(directory: path)) }
        }
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path)
        #expect(throws: ChannelError.self) { try LocalSocketServer("one", in: SocketPlace(directory: link)) }
        #expect(throws: ChannelError.self) {
            try LocalSocketServer("one", in: SocketPlace(directory: directory.path + "/no"))
        }
    }

    @Test func theUsersDirectoryComesFromTheEnvironment() throws {
        let server = try LocalSocketServer("one", in: SocketPlace(environment: ["XDG_RUNTIME_DIR": directory.path]))
        #expect(server.path == directory.path + "/soundpost_one.sock")
        let fallback = try SocketPlace(environment: ["XDG_RUNTIME_DIR": "relative"]).directory(for: "x", isServer: true)
        #expect(fallback.path == "/tmp/soundpost-\(geteuid())")
    }

    @Test func acceptingEndsInTimeAndWhenTheServerCloses() async throws {
        let server = try LocalSocketServer("one", in: directory.place)
        let late = #expect(throws: ChannelError.self) { try server.accept(timeout: .zero) }
        #expect(late?.code == .timeout)
        async let closed: ChannelError? = {
            do {
                _ = try await onThread { try server.accept() }
                return nil
            } catch {
                return error as? ChannelError
            }
        }()
        server.close()
        #expect(await closed?.code == .disconnected)
    }

    @Test func manyClientsAreServed() async throws {
        let server = try LocalSocketServer("one", in: directory.place)
        let clients = try (0..<50).map { _ in try Channel.connectLocalSocket("one", in: directory.place) }
        var channels: [Channel] = []
        for _ in clients {
            let channel = try await onThread { try server.accept() }
            channel.handle("echo") { $0 }
            channels.append(channel)
        }
        for (number, client) in clients.enumerated() {
            #expect(try await client.ask("echo", .integer(Int64(number))) == .integer(Int64(number)))
        }
    }

    @Test func aLineThatNeverEndsEndsTheChannelAlone() async throws {
        let server = try LocalSocketServer("one", in: directory.place)
        let place = directory.place
        let other = try await onThread { try Channel.connectLocalSocket("one", in: place) }
        let otherServer = try await onThread { try server.accept() }
        let socket = try LocalSocket.connect("one", in: directory.place)
        defer { close(socket) }
        let channel = try await onThread { try server.accept() }
        async let end: ChannelError? = {
            do {
                _ = try await onThread { try channel.receive() }
                return nil
            } catch {
                return error as? ChannelError
            }
        }()
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        try await onThread { () throws in
            for _ in 0..<64 where send(socket, chunk, chunk.count, Int32(MSG_NOSIGNAL)) < 0 { return }
        }
        #expect(await end?.code == .receiveFailed)
        try other.sendJSON(1)
        #expect(try await onThread { try otherServer.receive().data } == 1)
    }

    @Test func aLastLineWithoutItsEndIsNoMessage() async throws {
        let server = try LocalSocketServer("one", in: directory.place)
        let socket = try LocalSocket.connect("one", in: directory.place)
        let channel = try await onThread { try server.accept() }
        let text = Array("{\"type\":\"data\",\"data\":1}\n{\"type\":\"data\",\"data\":2}".utf8)
        _ = send(socket, text, text.count, 0)
        close(socket)
        #expect(try await onThread { try channel.receive().data } == 1)
        await #expect(throws: ChannelError.self) { try await onThread { try channel.receive() } }
    }
}
