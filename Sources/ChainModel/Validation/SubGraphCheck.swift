/// Checks how chains contain each other: no circles, at most 16 deep, not more modules than a link frame holds.
///
/// References that may not be followed become opaque, so that what follows can expand the rest.
struct SubGraphCheck {
    private(set) var chains: [String: LocalChain]
    private(set) var faults: [ChainFault] = []
    /// Whether the root can be expanded at all.
    private(set) var canExpand = true

    init(chains: [String: LocalChain], root: String) {
        self.chains = chains
        let names = chains.keys.sorted()
        refuseCircles(names)
        // Without circles, chains in an order in which every one stands before those inside it.
        let order = topDown(names)
        refuseDepth(order, root: root)
        countModules(order, root: root)
    }

    private mutating func refuseCircles(_ names: [String]) {
        let number = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let successors = names.map { name in (chains[name]?.references ?? []).compactMap { number[$0.chain] } }
        for circle in StrongComponents.cycles(successors: successors) {
            let members = circle.map { names[$0] }
            let isMember = Set(members)
            for name in members {
                for reference in chains[name]?.references ?? [] where isMember.contains(reference.chain) {
                    refuse(
                        name,
                        reference.node,
                        .circularSubGraph,
                        members.count == 1
                            ? "The chain '\(name)' contains itself."
                            : "The chains \(Self.list(members)) contain each other; a sub-graph must not contain "
                                + "itself."
                    )
                }
            }
        }
    }

    private func topDown(_ names: [String]) -> [String] {
        var containers: [String: Int] = [:]
        for name in names {
            for reference in chains[name]?.references ?? [] { containers[reference.chain, default: 0] += 1 }
        }
        var order = names.filter { containers[$0] == nil }
        var at = 0
        while at < order.count {
            for reference in chains[order[at]]?.references ?? [] {
                containers[reference.chain, default: 0] -= 1
                if containers[reference.chain] == 0 { order.append(reference.chain) }
            }
            at += 1
        }
        return order
    }

    private mutating func refuseDepth(_ order: [String], root: String) {
        var depth = [root: 0]
        for name in order {
            guard let level = depth[name] else { continue }
            for reference in chains[name]?.references ?? [] {
                if level == ChainLimits.nesting {
                    refuse(
                        name,
                        reference.node,
                        .nestedTooDeep,
                        "Sub-graphs nest at most \(ChainLimits.nesting) deep; this one is the "
                            + "\(ChainLimits.nesting + 1)th from the root chain."
                    )
                } else {
                    depth[reference.chain] = max(depth[reference.chain] ?? 0, level + 1)
                }
            }
        }
    }

    private mutating func countModules(_ order: [String], root: String) {
        var modules: [String: Int] = [:]
        var sizes: [String: Int] = [:]
        for name in order.reversed() {
            guard let chain = chains[name] else { continue }
            let references = chain.references
            // Capped at each level, so that the sums cannot overflow.
            modules[name] = references.reduce(chain.nodes.count - references.count) { sum, reference in
                min(ChainLimits.modules + 1, sum + (modules[reference.chain] ?? 0))
            }
            sizes[name] = chain.nodes.reduce(0) { sum, node in
                var size = 1 + node.inputs.count + node.outputs.count
                if case .subGraph(let id) = node.content { size += sizes[id] ?? 0 }
                return min(ChainLimits.expandedSize + 1, sum + size)
            }
        }
        if modules[root] ?? 0 > ChainLimits.modules {
            faults.append(
                ChainFault(
                    .tooManyModules,
                    path: "chains.\(root)",
                    "With its sub-graphs the chain has more than \(ChainLimits.modules) modules."
                )
            )
            canExpand = false
        } else if sizes[root] ?? 0 > ChainLimits.expandedSize {
            faults.append(
                ChainFault(
                    .tooManyModules,
                    path: "chains.\(root)",
                    "Expanded, the chain has more than \(ChainLimits.expandedSize) nodes and ports."
                )
            )
            canExpand = false
        }
    }

    private mutating func refuse(_ chain: String, _ node: Int, _ code: ChainFault.Code, _ message: String) {
        guard let path = chains[chain]?.nodes[node].path else { return }
        chains[chain]?.nodes[node].content = .opaque
        faults.append(ChainFault(code, path: "\(path).subGraphId", message))
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
