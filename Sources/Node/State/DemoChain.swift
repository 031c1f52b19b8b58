import ChainModel

/// What a node plays that has no chain yet: a stereo tone chain on two cores.
enum DemoChain {
    /// Where the modules run, by instance id; the others run on core 0.
    static let assignment = InstanceID(rawValue: "limiter#1").map { [$0: 1] } ?? [:]

    /// `$io` → gain → eq → delay → limiter → `$io`
    static let link: LinkConfig = {
        let modules = [
            ("gain#1", "channel_gain_v1"), ("eq#1", "common_eq_v1"), ("delay#1", "ut_delay_20ch_v1"),
            ("limiter#1", "limiter_v1"),
        ]
        let nodes = modules.enumerated().map { index, module in
            ChainNode(
                instanceId: module.0,
                moduleType: module.1,
                order: index,
                enabled: true,
                position: ChainNode.Position(x: Double(160 + 200 * index), y: 120),
                ports: [port("in", .input, label: "In"), port("out", .output, label: "Out")]
            )
        }
        let stops = [ChainEdge.boundary] + modules.map(\.0) + [ChainEdge.boundary]
        let edges = zip(stops, stops.dropFirst()).enumerated().map { index, ends in
            ChainEdge(
                id: "e\(index + 1)",
                fromModule: ends.0,
                fromPort: ends.0 == ChainEdge.boundary ? "in" : "out",
                toModule: ends.1,
                toPort: ends.1 == ChainEdge.boundary ? "out" : "in",
                channels: 2,
                sampleRate: 48000
            )
        }
        let main = ChainDefinition(
            id: "main",
            name: "Stereo tone",
            externalPorts: [
                port("in", .input, channels: 2, sampleRate: 48000, label: "In"),
                port("out", .output, channels: 2, sampleRate: 48000, label: "Out"),
            ],
            nodes: nodes,
            edges: edges
        )
        return LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: 2, sampleRate: 48000, frameSize: 240),
            chains: ["main": main]
        )
    }()

    private static func port(
        _ id: String,
        _ direction: PortDirection,
        channels: Int = PortDescriptor.inherit,
        sampleRate: Int = PortDescriptor.inherit,
        label: String
    ) -> PortDescriptor {
        PortDescriptor(
            id: id,
            direction: direction,
            channels: channels,
            sampleRate: sampleRate,
            label: label,
            required: true
        )
    }
}
