/// One direction of a sound card.
public struct AudioDevice: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable, Codable {
        case input, output
    }

    /// What `card:NAME` takes.
    public var name: String
    /// The system's sound interface: ALSA, JACK, Core Audio.
    public var hostApi: String
    public var direction: Direction
    public var maxChannels: Int
    public var defaultSampleRate: Double
    /// Of the usual rates those it can be opened with, in Hz.
    public var sampleRates: [Int]
    public var isDefault: Bool
    /// The shortest latency the driver proposes.
    public var lowLatencyMs: Double

    public init(
        name: String,
        hostApi: String,
        direction: Direction,
        maxChannels: Int,
        defaultSampleRate: Double,
        sampleRates: [Int],
        isDefault: Bool,
        lowLatencyMs: Double
    ) {
        self.name = name
        self.hostApi = hostApi
        self.direction = direction
        self.maxChannels = maxChannels
        self.defaultSampleRate = defaultSampleRate
        self.sampleRates = sampleRates
        self.isDefault = isDefault
        self.lowLatencyMs = lowLatencyMs
    }
}

/// The sound cards of the machine.
public struct AudioDevices: Sendable, Hashable {
    public var inputs: [AudioDevice]
    public var outputs: [AudioDevice]

    public init(inputs: [AudioDevice], outputs: [AudioDevice]) {
        self.inputs = inputs
        self.outputs = outputs
    }
}
