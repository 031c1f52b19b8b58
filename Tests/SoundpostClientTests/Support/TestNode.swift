import ControlServer
import Foundation
import Logging
import Node

/// A real node and its control server in this process, which can be cut off and come back.
final class TestNode {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private(set) var port: Int
    private let node: Node
    private let directory: URL
    private var serving: Task<Void, any Error>

    var address: String { "127.0.0.1:\(port)" }

    /// Runs a node for the length of the body.
    ///
    /// Nothing ends by time unless `limits` says so: a test must not depend on how busy the machine is.
    static func run(
        token: AccessToken? = nil,
        limits change: (inout ServerLimits) -> Void = { _ in },
        _ body: (TestNode) async throws -> Void
    ) async throws {
        var limits = ServerLimits()
        limits.headerTime = .seconds(3600)
        limits.idleTime = .seconds(3600)
        limits.pingInterval = .seconds(3600)
        change(&limits)
        let node = try await TestNode(token: token, limits: limits)
        let outcome: Result<Void, any Error>
        do {
            try await body(node)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        await node.stop()
        try outcome.get()
    }

    private let token: AccessToken?
    private let limits: ServerLimits

    private init(token: AccessToken?, limits: ServerLimits) async throws {
        self.token = token
        self.limits = limits
        directory = FileManager.default.temporaryDirectory.appending(path: "soundpost-client-\(UUID().uuidString)")
        node = Node(
            configuration: NodeConfiguration(dataDirectory: directory, startSimulation: false),
            logger: Self.logger
        )
        try await node.start()
        (serving, port) = try await Self.serve(node, port: 0, token: token, limits: limits)
    }

    /// Ends every connection and listens no more.
    func cut() async {
        serving.cancel()
        _ = await serving.result
    }

    /// Listens again where it did before.
    func comeBack() async throws {
        (serving, _) = try await Self.serve(node, port: port, token: token, limits: limits)
    }

    private func stop() async {
        await cut()
        await node.stop()
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            print("\(directory.path) was left behind: \(error)")
        }
    }

    private static func serve(
        _ node: Node,
        port: Int,
        token: AccessToken?,
        limits: ServerLimits
    ) async throws -> (Task<Void, any Error>, Int) {
        let server = ControlServer(
            node: node,
            configuration: try ControlServerConfiguration(port: port, token: token, limits: limits),
            logger: logger
        )
        let serving = Task { try await server.run() }
        return (serving, try await server.boundAddress.port)
    }
}
