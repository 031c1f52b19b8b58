/// One pass over a chain file: its faults, and the flat chain when there are none.
struct ChainInspection {
    private(set) var faults: [ChainFault] = []
    private(set) var flattened: FlattenedChain?

    init(_ link: LinkConfig, library: ModuleLibrary) {
        checkHead(link)
        var chains: [String: LocalChain] = [:]
        for (key, definition) in link.chains.sorted(by: { $0.key < $1.key }) {
            let (chain, found) = ChainChecker.check(definition, key: key, in: link, library: library)
            chains[key] = chain
            faults += found
        }
        let subGraphs = SubGraphCheck(chains: chains, root: link.rootChainId)
        faults += subGraphs.faults
        if subGraphs.canExpand, let root = subGraphs.chains[link.rootChainId] {
            expand(root, subGraphs.chains, link.global)
        }
        faults =
            faults.reduce(into: (list: [ChainFault](), seen: Set<ChainFault>())) { state, fault in
                if state.seen.insert(fault).inserted { state.list.append(fault) }
            }.list
    }

    private mutating func checkHead(_ link: LinkConfig) {
        if link.version != LinkConfig.currentVersion {
            faults.append(
                ChainFault(
                    .badVersion,
                    path: "version",
                    "Version '\(link.version)' is not known; this reads '\(LinkConfig.currentVersion)'."
                )
            )
        }
        checkRange(link.global.channels, ChainLimits.channels, "global.channels", "channels")
        checkRange(link.global.sampleRate, ChainLimits.sampleRate, "global.sampleRate", "Hz")
        checkRange(link.global.frameSize, ChainLimits.frameSize, "global.frameSize", "samples a frame")
        if link.chains[link.rootChainId] == nil {
            faults.append(
                ChainFault(.missingChain, path: "rootChainId", "There is no chain '\(link.rootChainId)' in 'chains'.")
            )
        }
    }

    private mutating func checkRange(_ value: Int, _ range: ClosedRange<Int>, _ path: String, _ unit: String) {
        guard !range.contains(value) else { return }
        faults.append(
            ChainFault(
                .outOfRange, path: path, "\(value) \(unit); \(range.lowerBound)…\(range.upperBound) is possible.")
        )
    }

    private mutating func expand(_ root: LocalChain, _ chains: [String: LocalChain], _ global: GlobalSettings) {
        let graph = SignalGraph(chains: chains, root: root, globalChannels: global.channels)
        for module in graph.modules where module.id.utf8.count > InstanceID.maximumLength {
            faults.append(
                ChainFault(
                    .badID,
                    path: "\(module.path).instanceId",
                    "With its sub-graphs' ids the id has \(module.id.utf8.count) bytes; at most "
                        + "\(InstanceID.maximumLength) are possible: '\(module.id.prefix(80))…'."
                )
            )
        }
        let order = SignalOrder(graph)
        faults += order.faults
        let resolution = ChannelResolution(graph, order: order.order, globalChannels: global.channels)
        faults += resolution.faults
        guard faults.isEmpty else { return }
        flattened = FlattenedChain(
            graph,
            order: order.order,
            channels: resolution.channels,
            global: global,
            chain: root
        )
    }
}
