import CDynamicChain
import ChainModel

/// One rendering under way.
struct RenderRun {
    private let source: any SampleSource
    private let output: AudioFileWriter
    private let plan: EnginePlan
    private let host: EngineHost
    private let format: HostFormat
    private var inputSamples = 0
    private var outputSamples = 0
    private var frames = 0
    private var elapsed = Duration.zero
    private var moduleNanoseconds: [UInt32: UInt64] = [:]

    init(source: any SampleSource, output: AudioFileWriter, plan: EnginePlan, host: EngineHost) {
        self.source = source
        self.output = output
        self.plan = plan
        self.host = host
        format = plan.format
    }

    /// Reads, processes and writes frame after frame until the input and its tail are through.
    mutating func perform(tailSamples: Int?, progress: (Int) throws -> Void) throws {
        let size = format.frameSize
        let map = ChannelMap(from: source.channels, to: format.inputs)
        let input = PlanarBuffer(channels: format.inputs, frameSize: size)
        let processed = PlanarBuffer(channels: format.outputs, frameSize: size)
        let read = UnsafeMutablePointer<Float>.allocate(capacity: size * source.channels)
        let mapped = UnsafeMutablePointer<Float>.allocate(capacity: size * max(format.inputs, 1))
        let written = UnsafeMutablePointer<Float>.allocate(capacity: size * format.outputs)
        defer {
            read.deallocate()
            mapped.deallocate()
            written.deallocate()
        }
        let start = ContinuousClock.now
        var hasEnded = false
        while true {
            var count = 0
            if !hasEnded {
                count = try source.read(into: read, frames: size)
                hasEnded = count < size
                inputSamples += count
            }
            // The latency is asked for when it is needed: a module may have changed it by then.
            let length = inputSamples + (hasEnded ? tailSamples ?? plan.latencySamples : 0)
            let wanted = min(size, length - outputSamples)
            guard wanted > 0 else { break }
            map.apply(read, mapped, frames: count)
            input.fill(from: mapped, frames: count)
            DynHost_Process(host.pointer, input.inputs, processed.pointers)
            collectTimes()
            processed.copy(to: written, frames: wanted)
            try output.write(written, frames: wanted)
            outputSamples += wanted
            frames += 1
            try progress(outputSamples)
        }
        elapsed = ContinuousClock.now - start
    }

    private mutating func collectTimes() {
        host.drainTelemetry { records in
            for record in records where record.kind == UInt32(DYNHOST_RECORD_MODULE.rawValue) {
                moduleNanoseconds[record.handle, default: 0] += UInt64(record.ns)
            }
        }
    }

    func report(cores: Int, workers: Int) -> RenderReport {
        let seconds = elapsed / .seconds(1)
        let processed = Double(max(frames * format.frameSize, 1))
        let modules = plan.chain.modules.compactMap { module -> RenderReport.Module? in
            guard let placed = plan.modules[module.id] else { return nil }
            return RenderReport.Module(
                instanceId: module.id,
                core: placed.core,
                nsPerSample: Double(moduleNanoseconds[placed.handle] ?? 0) / processed,
                latencySamples: plan.latency(of: placed)
            )
        }
        let counters = host.counters
        return RenderReport(
            sampleRate: format.sampleRate,
            frameSize: format.frameSize,
            inputChannels: format.inputs,
            outputChannels: format.outputs,
            cores: cores,
            workers: workers,
            latencySamples: plan.latencySamples,
            inputSamples: inputSamples,
            outputSamples: outputSamples,
            frames: frames,
            seconds: seconds,
            realtimeFactor: seconds > 0 ? Double(outputSamples) / Double(format.sampleRate) / seconds : 0,
            clippedSamples: counters.clippedSamples,
            nonFiniteInputs: counters.nonFiniteInputs,
            modules: modules
        )
    }
}
