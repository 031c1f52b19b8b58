/// Checks one chain definition by itself: ids, types, ports and wires; channels across wires come later.
struct ChainChecker {
    private let link: LinkConfig
    private let library: ModuleLibrary
    private var ports: PortChecker
    private var faults: [ChainFault] = []

    /// The chain with what could be made of it, and its faults.
    static func check(
        _ chain: ChainDefinition,
        key: String,
        in link: LinkConfig,
        library: ModuleLibrary
    ) -> (chain: LocalChain, faults: [ChainFault]) {
        var checker = ChainChecker(link: link, library: library)
        let local = checker.run(chain, key: key)
        return (local, checker.faults + checker.ports.faults)
    }

    private init(link: LinkConfig, library: ModuleLibrary) {
        self.link = link
        self.library = library
        ports = PortChecker(global: link.global)
    }

    private mutating func run(_ chain: ChainDefinition, key: String) -> LocalChain {
        let path = "chains.\(key)"
        if chain.id != key {
            faults.append(
                ChainFault(
                    .idMismatch, path: "\(path).id", "The chain under the key '\(key)' calls itself '\(chain.id)'.")
            )
        }
        let external = ports.externalPorts(of: chain, path: path)
        var local = LocalChain(id: key, path: path, inputs: external.inputs, outputs: external.outputs, nodes: [])
        let order = chain.nodes.indices.sorted { left, right in
            (chain.nodes[left].order ?? 0, left) < (chain.nodes[right].order ?? 0, right)
        }
        for index in order { local.nodes.append(node(chain.nodes[index], path: "\(path).nodes[\(index)]")) }
        checkNodeIDs(chain, path: path)
        var wiring = WireChecker(chain: local, ports: ports)
        wiring.check(chain)
        ports = wiring.ports
        faults += wiring.faults
        return wiring.chain
    }

    private mutating func checkNodeIDs(_ chain: ChainDefinition, path: String) {
        var first: [String: Int] = [:]
        for (index, node) in chain.nodes.enumerated() {
            let path = "\(path).nodes[\(index)].instanceId"
            if node.instanceId == ChainEdge.boundary {
                faults.append(ChainFault(.badID, path: path, "$io is reserved for the chain's own external ports."))
            } else if !InstanceID.isSegment(node.instanceId.utf8) {
                faults.append(
                    ChainFault(
                        .badID,
                        path: path,
                        "'\(node.instanceId)' is no instance id; it needs a name, # and a number, at most 64 bytes: "
                            + "gain#1."
                    )
                )
            }
            if let earlier = first[node.instanceId] {
                faults.append(
                    ChainFault(
                        .duplicateID,
                        path: path,
                        "'\(node.instanceId)' is also the id of nodes[\(earlier)]; ids must differ within a chain."
                    )
                )
            } else {
                first[node.instanceId] = index
            }
        }
    }

    private mutating func node(_ node: ChainNode, path: String) -> LocalChain.Node {
        var content = LocalChain.Content.opaque
        var inputs: [LocalChain.Port] = []
        var outputs: [LocalChain.Port] = []
        var owner: String?
        if node.isSubGraph {
            if let id = node.subGraphId, let child = link.chains[id] {
                content = .subGraph(id)
                owner = "The sub-graph '\(id)'"
                // The child's own faults are reported where it is checked.
                var childPorts = PortChecker(global: link.global)
                (inputs, outputs) = childPorts.externalPorts(of: child, path: "chains.\(id)")
            } else {
                faults.append(
                    ChainFault(
                        .missingSubGraph,
                        path: "\(path).subGraphId",
                        node.subGraphId.map { "There is no chain '\($0)' in 'chains'." }
                            ?? "A sub-graph node needs 'subGraphId', the id of the chain inside it."
                    )
                )
            }
        } else if let schema = library[node.moduleType] {
            content = .module(schema)
            owner = "The module type \(node.moduleType)"
            inputs = schema.inputs.map { LocalChain.Port($0, node: path) }
            outputs = schema.outputs.map { LocalChain.Port($0, node: path) }
        } else {
            faults.append(
                ChainFault(
                    .unknownModuleType,
                    path: "\(path).moduleType",
                    "There is no module type '\(node.moduleType)'; known are "
                        + library.modules.map(\.moduleType).sorted().joined(separator: ", ") + " and subgraph."
                )
            )
        }
        if let owner {
            (inputs, outputs) = ports.nodePorts(node.ports, node: path, owner: owner, inputs: inputs, outputs: outputs)
        } else if let descriptors = node.ports {
            (inputs, outputs) = ports.ports(descriptors, path: "\(path).ports", isRequired: false)
        }
        return LocalChain.Node(
            id: node.instanceId,
            path: path,
            isEnabled: node.isEnabled,
            content: content,
            inputs: inputs,
            outputs: outputs,
            acceptsAnyPort: owner == nil && node.ports == nil
        )
    }
}

extension LocalChain.Port {
    fileprivate init(_ schema: PortSchema, node: String) {
        self.init(
            id: schema.id, path: "\(node).ports", stated: [], isRequired: schema.isRequired, channels: schema.channels)
    }
}
