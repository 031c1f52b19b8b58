import ControlServer
import Node
import ServiceLifecycle

/// A node and its control server as one service: the node runs before the first client comes and after the last is gone.
struct NodeService: Service {
    let node: Node
    let server: ControlServer

    /// Prints the page's address once the server listens, and returns when both have stopped.
    func run() async throws {
        try await node.start()
        do {
            try await serve()
        } catch {
            await node.stop()
            throw error
        }
        await node.stop()
    }

    private func serve() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let address = try await server.boundAddress
            Terminal.print("Soundpost is listening on http://\(address)/")
            try await group.waitForAll()
        }
    }
}
