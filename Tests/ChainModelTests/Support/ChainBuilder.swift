import ChainModel

/// Shorthand for chain files in tests.
enum ChainBuilder {
    static func link(
        channels: Int = 2,
        _ main: ChainDefinition,
        _ others: ChainDefinition...
    ) -> LinkConfig {
        LinkConfig(
            rootChainId: main.id,
            global: GlobalSettings(channels: channels, sampleRate: 48_000, frameSize: 240),
            chains: Dictionary(uniqueKeysWithValues: ([main] + others).map { ($0.id, $0) })
        )
    }

    /// A chain with one stereo input and output unless said; edges as `from.port>to.port`.
    static func chain(
        _ id: String = "main",
        ports: [PortDescriptor]? = [stereo("in", .input), stereo("out", .output)],
        nodes: [ChainNode],
        edges: [String]
    ) -> ChainDefinition {
        ChainDefinition(
            id: id,
            externalPorts: ports,
            nodes: nodes,
            edges: edges.enumerated().map { index, text in
                let ends = text.split(separator: ">").map { $0.split(separator: ".") }
                return ChainEdge(
                    id: "e\(index)",
                    fromModule: String(ends[0][0]),
                    fromPort: String(ends[0][1]),
                    toModule: String(ends[1][0]),
                    toPort: String(ends[1][1])
                )
            }
        )
    }

    static func gain(_ number: Int, order: Int? = nil, enabled: Bool? = nil) -> ChainNode {
        ChainNode(instanceId: "gain#\(number)", moduleType: "channel_gain_v1", order: order, enabled: enabled)
    }

    static func node(_ id: String, _ type: String, ports: [PortDescriptor]? = nil) -> ChainNode {
        ChainNode(instanceId: id, moduleType: type, ports: ports)
    }

    static func group(_ number: Int, _ chain: String, enabled: Bool? = nil) -> ChainNode {
        ChainNode(instanceId: "group#\(number)", moduleType: "subgraph", subGraphId: chain, enabled: enabled)
    }

    static func stereo(_ id: String, _ direction: PortDirection) -> PortDescriptor {
        PortDescriptor(id: id, direction: direction, channels: 2)
    }

    static func wide(_ id: String, _ direction: PortDirection, _ channels: Int) -> PortDescriptor {
        PortDescriptor(id: id, direction: direction, channels: channels)
    }
}
