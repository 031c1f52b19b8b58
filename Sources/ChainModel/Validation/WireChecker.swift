/// Checks the edges of a chain and turns them into wires, binds by position, and finds ports that nothing reaches.
struct WireChecker {
    private(set) var chain: LocalChain
    private(set) var faults: [ChainFault] = []
    var ports: PortChecker

    private let positions: [String: Int]
    private var fed: [LocalChain.End: String] = [:]
    private var used: Set<LocalChain.End> = []

    init(chain: LocalChain, ports: PortChecker) {
        self.chain = chain
        self.ports = ports
        positions = Dictionary(chain.nodes.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func check(_ definition: ChainDefinition) {
        var ids: Set<String> = []
        for (index, edge) in definition.edges.enumerated() {
            let path = "\(chain.path).edges[\(index)]"
            if edge.id.isEmpty {
                faults.append(ChainFault(.badID, path: "\(path).id", "An edge needs an id."))
            } else if !ids.insert(edge.id).inserted {
                faults.append(
                    ChainFault(
                        .duplicateID, path: "\(path).id", "'\(edge.id)' is the id of an earlier edge; ids must differ.")
                )
            }
            if edge.unknown[ChainEdge.feedbackKey] != nil {
                faults.append(
                    ChainFault(
                        .reservedKey,
                        path: "\(path).\(ChainEdge.feedbackKey)",
                        "The key 'feedback' is reserved; chains with feedback cannot run yet."
                    )
                )
            }
            ports.sampleRate(edge.statedSampleRate, path: path)
            let stated = ports.channels(edge.statedChannels, path: path)
            let from = start(of: edge, path: path)
            let to = end(of: edge, path: path)
            if let from { used.insert(from) }
            guard let to else { continue }
            if let earlier = fed[to] {
                faults.append(
                    ChainFault(
                        .repeatedConnection,
                        path: "\(path).toPort",
                        "\(earlier) already leads to this port; mix signals with a mixer module."
                    )
                )
                continue
            }
            fed[to] = path
            guard let from else { continue }
            chain.wires.append(LocalChain.Wire(from: from, to: to, path: path, stated: stated))
        }
        if !definition.edges.contains(where: \.usesBoundary) { bindByPosition() }
        findUnconnected(externalPortsAreStated: definition.externalPorts != nil)
    }

    /// Source of an edge; nil when it leads nowhere or to a node of which nothing is known.
    private mutating func start(of edge: ChainEdge, path: String) -> LocalChain.End? {
        if edge.fromModule == ChainEdge.boundary {
            return find(
                edge.fromPort, in: chain.inputs, others: chain.outputs, "input of the chain", "\(path).fromPort"
            )
            .map { .boundary(port: $0) }
        }
        guard let position = node(edge.fromModule, "\(path).fromModule") else { return nil }
        let node = chain.nodes[position]
        if node.acceptsAnyPort { return nil }
        return find(edge.fromPort, in: node.outputs, others: node.inputs, "output of \(node.id)", "\(path).fromPort")
            .map { .node(position, port: $0) }
    }

    private mutating func end(of edge: ChainEdge, path: String) -> LocalChain.End? {
        if edge.toModule == ChainEdge.boundary {
            return find(edge.toPort, in: chain.outputs, others: chain.inputs, "output of the chain", "\(path).toPort")
                .map { .boundary(port: $0) }
        }
        guard let position = node(edge.toModule, "\(path).toModule") else { return nil }
        let node = chain.nodes[position]
        if node.acceptsAnyPort { return nil }
        return find(edge.toPort, in: node.inputs, others: node.outputs, "input of \(node.id)", "\(path).toPort")
            .map { .node(position, port: $0) }
    }

    private mutating func node(_ id: String, _ path: String) -> Int? {
        if let position = positions[id] { return position }
        faults.append(
            ChainFault(
                .danglingEdge, path: path, "There is no node '\(id)' in this chain; $io stands for the chain itself.")
        )
        return nil
    }

    private mutating func find(
        _ id: String,
        in ports: [LocalChain.Port],
        others: [LocalChain.Port],
        _ what: String,
        _ path: String
    ) -> Int? {
        if let position = ports.firstIndex(where: { $0.id == id }) { return position }
        if others.contains(where: { $0.id == id }) {
            faults.append(
                ChainFault(.badDirection, path: path, "'\(id)' is no \(what); wires run from outputs to inputs."))
        } else {
            faults.append(
                ChainFault(.danglingEdge, path: path, "'\(id)' is no \(what); there is \(ports.listOfIDs).")
            )
        }
        return nil
    }

    /// README decision 4: without `$io` edges, unconnected required ports meet the external ports in order.
    private mutating func bindByPosition() {
        var externalInputs = chain.inputs.indices.makeIterator()
        var externalOutputs = chain.outputs.indices.makeIterator()
        for (position, node) in chain.nodes.enumerated() {
            for (port, input) in node.inputs.enumerated() where input.isRequired {
                let end = LocalChain.End.node(position, port: port)
                guard fed[end] == nil, let external = externalInputs.next() else { continue }
                bind(from: .boundary(port: external), to: end)
            }
            for (port, output) in node.outputs.enumerated() where output.isRequired {
                let end = LocalChain.End.node(position, port: port)
                guard !used.contains(end), let external = externalOutputs.next() else { continue }
                bind(from: end, to: .boundary(port: external))
            }
        }
    }

    private mutating func bind(from: LocalChain.End, to: LocalChain.End) {
        used.insert(from)
        fed[to] = "positional binding"
        chain.wires.append(LocalChain.Wire(from: from, to: to, path: nil, stated: nil))
    }

    private mutating func findUnconnected(externalPortsAreStated: Bool) {
        for (position, node) in chain.nodes.enumerated() {
            for (port, input) in node.inputs.enumerated() where input.isRequired {
                guard fed[.node(position, port: port)] == nil else { continue }
                report(input, "Nothing leads to the required input '\(input.id)' of \(node.id).")
            }
            for (port, output) in node.outputs.enumerated() where output.isRequired {
                guard !used.contains(.node(position, port: port)) else { continue }
                report(output, "The required output '\(output.id)' of \(node.id) leads nowhere.")
            }
        }
        guard externalPortsAreStated else { return }
        for (port, output) in chain.outputs.enumerated() where output.isRequired && fed[.boundary(port: port)] == nil {
            report(output, "Nothing leads to the required output '\(output.id)' of the chain.")
        }
    }

    private mutating func report(_ port: LocalChain.Port, _ message: String) {
        faults.append(ChainFault(.unconnectedPort, path: port.path, message))
    }
}
