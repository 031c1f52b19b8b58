import AudioEngine
import ChainModel
import Testing

/// Chains for tests, without the way through a file.
enum TestChain {
    /// `$io` → module → … → `$io`, all with the same channels. Each element is an instance id and its module type.
    static func series(
        _ modules: [(id: String, type: String)],
        channels: Int = 2,
        sampleRate: Int = 48_000,
        frameSize: Int = 64,
        library: ModuleLibrary = .builtIn
    ) throws -> FlattenedChain {
        let port = { (id: String) in FlatPort(id: id, channels: channels, sampleRate: sampleRate) }
        let flat = try modules.map { entry in
            FlatModule(
                id: try id(entry.id),
                type: try #require(library[entry.type]),
                enabled: true,
                inputs: [port("in")],
                outputs: [port("out")]
            )
        }
        let connections = (0...modules.count).map { index in
            FlatConnection(
                from: index == 0 ? .external(port: 0) : .module(index: index - 1, port: 0),
                to: index == modules.count ? .external(port: 0) : .module(index: index, port: 0),
                channels: channels,
                sampleRate: sampleRate
            )
        }
        return FlattenedChain(
            sampleRate: sampleRate,
            frameSize: frameSize,
            externalInputs: [port("in")],
            externalOutputs: [port("out")],
            modules: flat,
            connections: connections
        )
    }

    static let gain = (id: "gain#1", type: "channel_gain_v1")
    static let delay = (id: "delay#1", type: "ut_delay_20ch_v1")
    static let eq = (id: "eq#1", type: "common_eq_v1")
    static let limiter = (id: "limiter#1", type: "limiter_v1")

    static func id(_ text: String) throws -> InstanceID {
        try #require(InstanceID(rawValue: text))
    }

    static func parameter(_ instance: String, _ key: String) throws -> ParameterID {
        ParameterID(instance: try id(instance), key: try ParameterKey(parsing: key))
    }

    static func assignment(_ instance: String, _ key: String, _ value: ParameterValue) throws -> ParameterAssignment {
        ParameterAssignment(id: try parameter(instance, key), value: value)
    }

    /// The same gain on both channels.
    static func gains(_ decibels: Float, channels: Int = 2) throws -> [ParameterAssignment] {
        try (0..<channels).map { try assignment("gain#1", "gainDb#\($0)", .float(decibels)) }
    }
}

extension ChainSetup {
    init(_ chain: FlattenedChain, _ values: [ParameterAssignment], coreCount: Int = 1) {
        self.init(
            chain: chain,
            parameters: Dictionary(values.map { ($0.id, $0.value) }) { _, last in last },
            coreCount: coreCount
        )
    }
}
