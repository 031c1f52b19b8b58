import CDynamicChain
import ChainModel
public import DynamicChain

/// Runs a chain over a file as fast as the machine allows, with the same tick that plays live.
///
/// The output is as long as the input plus a tail, and is not trimmed: it begins with the chain's latency. On one core
/// every frame size gives the same samples.
public struct OfflineRenderer: Sendable {
    private let setup: ChainSetup
    private let workers: Int
    private let registry: ModuleRegistry

    /// - Parameters:
    ///   - setup: the chain, its values, and how many simulated cores share it.
    ///   - workers: threads for the cores of a frame; more than the machine's processors are not made.
    ///   - registry: the module types; the same as the library that the chain was flattened with.
    public init(setup: ChainSetup, workers: Int = 1, registry: ModuleRegistry = ModuleRegistry()) {
        self.setup = setup
        self.workers = workers
        self.registry = registry
    }

    /// Channels of the file that `render` writes.
    public var outputChannels: Int { HostFormat(chain: setup.chain).outputs }

    /// Renders a file. The caller closes the output.
    ///
    /// - Parameters:
    ///   - input: at the chain's rate unless `resample`, with the chain's input channels, or with one for all of them.
    ///   - output: at the chain's rate, with ``outputChannels``.
    ///   - tailSamples: output beyond the input's length; `nil` = the chain's latency.
    ///   - frameSize: samples a frame in place of the chain's own.
    ///   - resample: converts an input of another rate.
    ///   - progress: called once a frame, on this thread, with the output samples written so far; what it throws ends
    ///     the rendering.
    /// - Throws: ``EngineError``: `formatMismatch` for files that do not fit the chain, what building a chain can meet,
    ///   and what reading and writing can meet. What `progress` throws.
    public func render(
        input: AudioFileReader,
        output: AudioFileWriter,
        tailSamples: Int? = nil,
        frameSize: Int? = nil,
        resample: Bool = false,
        progress: (Int) throws -> Void = { _ in }
    ) throws -> RenderReport {
        var setup = setup
        if let frameSize {
            guard (1...Int(DYNCHAIN_MAX_FRAME)).contains(frameSize) else {
                throw EngineError(
                    .badArgument, "a frame of \(frameSize) samples; it must have 1 to \(DYNCHAIN_MAX_FRAME)")
            }
            setup.chain.frameSize = frameSize
        }
        if let tailSamples, tailSamples < 0 {
            throw EngineError(.badArgument, "a tail of \(tailSamples) samples; it cannot be negative")
        }
        let format = HostFormat(chain: setup.chain)
        let source = try source(of: input, format: format, resample: resample)
        try check(output, against: format)

        let plan = try PlanBuilder(registry: registry, handles: InstanceHandles()).build(setup)
        for instance in plan.modules.keys { plan.measure(instance, DYNCHAIN_MEASURE_TIME) }
        let host = try EngineHost(first: plan, workers: setup.coreCount > 1 ? workers : 1, priority: 0)
        var run = RenderRun(source: source, output: output, plan: plan, host: host)
        try run.perform(tailSamples: tailSamples, progress: progress)
        return run.report(cores: setup.coreCount, workers: workers)
    }

    private func source(
        of input: AudioFileReader,
        format: HostFormat,
        resample: Bool
    ) throws -> any SampleSource {
        guard input.channels == format.inputs || (input.channels == 1 && format.inputs > 0) else {
            throw EngineError(
                .formatMismatch,
                "\(input.path) has \(input.channels) channels, the chain's inputs have \(format.inputs)"
            )
        }
        let file = FileSource(reader: input, loops: false)
        guard input.sampleRate != format.sampleRate else { return file }
        guard resample else {
            throw EngineError(
                .formatMismatch,
                "\(input.path) is at \(input.sampleRate) Hz, the chain at \(format.sampleRate) Hz; convert it, or ask "
                    + "for resampling"
            )
        }
        return try ResampledSource(file, sampleRate: format.sampleRate, quality: .best)
    }

    private func check(_ output: AudioFileWriter, against format: HostFormat) throws {
        guard format.outputs > 0 else {
            throw EngineError(
                .formatMismatch, "the chain has no external output that could be written to \(output.path)")
        }
        guard output.channels == format.outputs, output.sampleRate == format.sampleRate else {
            throw EngineError(
                .formatMismatch,
                "\(output.path) is to have \(output.channels) channels at \(output.sampleRate) Hz, the chain gives "
                    + "\(format.outputs) at \(format.sampleRate) Hz"
            )
        }
    }
}
