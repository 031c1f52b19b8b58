public import ChainModel
import DynamicChain

/// What a chain does to small signals between one input channel and every output channel: measured on the running C
/// modules with an impulse, not computed from design data.
///
/// Modules without inputs are disabled for the measurement, so that a generator is not taken for an answer.
public struct ChainResponse: Sendable {
    /// In Hz.
    public let sampleRate: Int
    /// Counts through all external input ports.
    public let inputChannel: Int
    /// Responses to a unit impulse, one per output channel, counted through all external output ports; without what
    /// comes after they have died away, and empty for an output that the input does not reach.
    public let impulses: [[Double]]
    /// Some response was cut off after 2²⁰ samples, which a filter of high Q at a low frequency may need; magnitudes
    /// near that frequency are then too small.
    public let isTruncated: Bool

    /// Measures. Takes as long as processing the response does, up to some seconds.
    ///
    /// - Throws: ``EngineError`` `badArgument` for a channel that the chain does not have, and what ``Engine`` throws
    ///   for a chain or value that it cannot run.
    public init(chain: FlattenedChain, parameters: [ParameterID: ParameterValue], inputChannel: Int) throws {
        let channels = chain.externalInputs.reduce(0) { $0 + $1.channels }
        guard (0..<channels).contains(inputChannel) else {
            throw EngineError(
                .badArgument,
                channels == 0
                    ? "the chain has no input"
                    : "input channel \(inputChannel): the chain's channels are 0…\(channels - 1)"
            )
        }
        var silenced = chain
        for index in silenced.modules.indices where silenced.modules[index].inputs.isEmpty {
            silenced.modules[index].enabled = false
        }
        let setup = ChainSetup(chain: silenced, parameters: parameters)
        let plan = try PlanBuilder(registry: ModuleRegistry(), handles: InstanceHandles()).build(setup)
        let measurement = try ImpulseMeasurement(
            plan: plan,
            inputChannel: inputChannel,
            shortest: Self.longestDelay(silenced, parameters) + plan.latencySamples + chain.sampleRate / 4
        )
        sampleRate = chain.sampleRate
        self.inputChannel = inputChannel
        impulses = measurement.responses
        isTruncated = measurement.isTruncated
    }

    /// Magnitude, phase and group delay towards one output channel.
    ///
    /// - Parameters:
    ///   - output: position in `impulses`.
    ///   - frequencies: in Hz, each between 0 and half the rate.
    public func response(ofOutput output: Int, at frequencies: [Double]) -> FrequencyResponse {
        FrequencyResponse(impulse: impulses[output], sampleRate: Double(sampleRate), frequencies: frequencies)
    }

    /// Samples that delay modules may hold an impulse back altogether. Silence of that length is no sign that the
    /// response has ended.
    private static func longestDelay(_ chain: FlattenedChain, _ parameters: [ParameterID: ParameterValue]) -> Int {
        var longest: [InstanceID: Double] = [:]
        for (id, value) in parameters where id.key.name == "delaySamples" {
            longest[id.instance] = max(longest[id.instance] ?? 0, value.number)
        }
        return chain.modules.reduce(0) { $0 + Int(longest[$1.id] ?? 0) }
    }
}
