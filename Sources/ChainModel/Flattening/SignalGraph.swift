/// The root chain with every sub-graph expanded: modules, and the points that wires join.
///
/// A point is a port of a module, an external port of the root, or a *junction*: an external port of an expanded
/// sub-graph, which passes on what reaches it. Every point has at most one source, so following sources finds the
/// origin of a signal across any number of boundaries, pass-through sub-graphs included.
struct SignalGraph {
    enum Kind: Hashable {
        case externalInput(Int)
        case externalOutput(Int)
        case moduleInput(module: Int, port: Int)
        case moduleOutput(module: Int, port: Int)
        case junction
    }

    struct Point {
        var kind: Kind
        /// What the file states of this point's channels, and where.
        var stated: [LocalChain.Stated]
        /// Path of the port.
        var path: String
        /// The point that feeds this one.
        var source: Int?
        /// What the file states of the wire from the source.
        var wire: LocalChain.Stated?
        /// Path of the wire from the source.
        var wirePath: String?
    }

    struct Module {
        var id: String
        var path: String
        /// Nil for a node of which nothing is known.
        var schema: ModuleSchema?
        var isEnabled: Bool
        var inputs: [Int]
        var outputs: [Int]
    }

    private(set) var points: [Point] = []
    /// In the order of the nodes, sub-graphs in place of their nodes.
    private(set) var modules: [Module] = []
    private(set) var externalInputs: [Int] = []
    private(set) var externalOutputs: [Int] = []

    private let chains: [String: LocalChain]

    init(chains: [String: LocalChain], root: LocalChain, globalChannels: Int) {
        self.chains = chains
        let implied: (LocalChain.Port) -> [LocalChain.Stated] = { port in
            port.stated.isEmpty
                ? [LocalChain.Stated(channels: globalChannels, path: "\(port.path).channels")] : port.stated
        }
        for (index, port) in root.inputs.enumerated() {
            externalInputs.append(add(.externalInput(index), implied(port), port.path))
        }
        for (index, port) in root.outputs.enumerated() {
            externalOutputs.append(add(.externalOutput(index), implied(port), port.path))
        }
        expand(root, prefix: "", isEnabled: true, inputs: externalInputs, outputs: externalOutputs)
    }

    private mutating func add(_ kind: Kind, _ stated: [LocalChain.Stated], _ path: String) -> Int {
        points.append(Point(kind: kind, stated: stated, path: path))
        return points.count - 1
    }

    /// Recursion is as deep as sub-graphs nest, which `SubGraphCheck` has limited.
    private mutating func expand(
        _ chain: LocalChain,
        prefix: String,
        isEnabled: Bool,
        inputs: [Int],
        outputs: [Int]
    ) {
        var ports: [(inputs: [Int], outputs: [Int])] = []
        for node in chain.nodes {
            let enabled = isEnabled && node.isEnabled
            if case .subGraph(let id) = node.content, let child = chains[id] {
                let inner = (
                    inputs: node.inputs.map { add(.junction, $0.stated, $0.path) },
                    outputs: node.outputs.map { add(.junction, $0.stated, $0.path) }
                )
                ports.append(inner)
                expand(
                    child,
                    prefix: "\(prefix)\(node.id).",
                    isEnabled: enabled,
                    inputs: inner.inputs,
                    outputs: inner.outputs
                )
            } else {
                ports.append(addModule(node, id: prefix + node.id, isEnabled: enabled))
            }
        }
        for wire in chain.wires {
            let from = point(of: wire.from, boundary: inputs, nodes: ports.map(\.outputs))
            let to = point(of: wire.to, boundary: outputs, nodes: ports.map(\.inputs))
            points[to].source = from
            points[to].wire = wire.stated
            points[to].wirePath = wire.path
        }
    }

    private mutating func addModule(
        _ node: LocalChain.Node,
        id: String,
        isEnabled: Bool
    ) -> (inputs: [Int], outputs: [Int]) {
        let number = modules.count
        var module = Module(id: id, path: node.path, isEnabled: isEnabled, inputs: [], outputs: [])
        if case .module(let schema) = node.content { module.schema = schema }
        for (port, input) in node.inputs.enumerated() {
            module.inputs.append(add(.moduleInput(module: number, port: port), input.stated, input.path))
        }
        for (port, output) in node.outputs.enumerated() {
            module.outputs.append(add(.moduleOutput(module: number, port: port), output.stated, output.path))
        }
        modules.append(module)
        return (module.inputs, module.outputs)
    }

    private func point(of end: LocalChain.End, boundary: [Int], nodes: [[Int]]) -> Int {
        switch end {
        case .boundary(let port): boundary[port]
        case .node(let position, let port): nodes[position][port]
        }
    }

    /// Where the signal at a point comes from: a module output, an external input, or a point that nothing feeds.
    ///
    /// Nil when junctions only feed each other.
    func origin(of point: Int) -> Int? {
        var at = point
        for _ in 0...points.count {
            switch points[at].kind {
            case .externalInput, .moduleOutput: return at
            case .externalOutput, .moduleInput, .junction:
                guard let source = points[at].source else { return at }
                at = source
            }
        }
        return nil
    }

    /// The module whose output a point carries.
    func sourceModule(of point: Int) -> Int? {
        guard let origin = origin(of: point), case .moduleOutput(let module, _) = points[origin].kind else {
            return nil
        }
        return module
    }
}
