/// A chain definition after its own checks: nodes in processing order, ports and wires as positions.
struct LocalChain {
    /// A channel count that the file states, and where.
    struct Stated: Hashable {
        var channels: Int
        var path: String
    }

    struct Port {
        var id: String
        var path: String
        var stated: [Stated]
        var isRequired: Bool
        /// What the module type says; free for ports of sub-graphs and unknown types.
        var channels: PortSchema.Channels
    }

    enum Content {
        case module(ModuleSchema)
        case subGraph(String)
        /// An unknown module type or a reference that leads nowhere: already a fault, and nothing is known of the
        /// inside.
        case opaque
    }

    struct Node {
        var id: String
        /// `chains.main.nodes[3]`
        var path: String
        var isEnabled: Bool
        var content: Content
        var inputs: [Port]
        var outputs: [Port]
        /// Whether an opaque node leaves its ports open, so that wires to any port pass.
        var acceptsAnyPort = false
    }

    /// One end of a wire, by position.
    enum End: Hashable {
        case boundary(port: Int)
        case node(Int, port: Int)
    }

    struct Wire {
        var from: End
        var to: End
        /// Nil for a wire that positional binding made.
        var path: String?
        var stated: Stated?
    }

    var id: String
    /// `chains.main`
    var path: String
    var inputs: [Port]
    var outputs: [Port]
    var nodes: [Node]
    var wires: [Wire] = []

    /// References to other chains: position of the node, chain id.
    var references: [(node: Int, chain: String)] {
        nodes.enumerated().compactMap { position, node in
            if case .subGraph(let chain) = node.content { (position, chain) } else { nil }
        }
    }
}
