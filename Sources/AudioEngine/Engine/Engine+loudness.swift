import CDynamicChain
import ChainModel
import Synchronization

extension Engine {
    /// What one rendering may take, seconds of this thread.
    private static let budget = 0.25
    /// Of programme that is compared, at least and at most, seconds. Below 0.4 nothing has a loudness.
    private static let compared = 0.7...4.0
    /// Left out at the start, where the chain has not settled, seconds.
    private static let settling = 0.3

    /// How much louder the chain makes the programme of the last seconds: the loudness behind it over that before it.
    ///
    /// The input that was heard is rendered again off-line, so that settings can be compared which nobody has heard
    /// yet. Takes up to half a second.
    ///
    /// - Parameter setup: a chain with the format of the one that runs.
    /// - Returns: dB, and the highest sample before the chain; `nil` when nothing runs, when too little was heard, when
    ///   the input or the output was silent, for a chain without input, and for one that loads the processor so much
    ///   that 0.7 seconds of it cannot be rendered in time.
    func loudnessGain(of setup: ChainSetup) -> (gain: Double, peak: Float)? {
        let format = HostFormat(chain: setup.chain)
        guard let heard = heardInput(format), let (behind, latency) = loudness(of: setup, hearing: heard, format)
        else { return nil }
        // The same stretch of the programme: what came out late had gone in before.
        let skipped = settled(format) - min(latency, settled(format))
        let before = LoudnessMeter(channels: format.inputs, sampleRate: format.sampleRate)
            .loudness(of: heard.dropFirst(skipped * format.inputs).dropLast(latency * format.inputs))
        return before.map { (behind - $0, heard.lazy.map(abs).max() ?? 0) }
    }

    /// How much louder one setting makes the programme of the last seconds than another, both of the chain that runs.
    /// Takes up to half a second.
    ///
    /// - Returns: dB; `nil` as with ``loudnessGain(of:)``.
    public func loudness(of setup: ChainSetup, over other: ChainSetup) -> Double? {
        let format = HostFormat(chain: setup.chain)
        guard let heard = heardInput(format), let first = loudness(of: setup, hearing: heard, format),
            let second = loudness(of: other, hearing: heard, format)
        else { return nil }
        return first.loudness - second.loudness
    }

    /// Interleaved; as much as can be rendered in the time there is.
    private func heardInput(_ format: HostFormat) -> [Float]? {
        shared.state.withLock { state in
            guard let session = state.session, session.host.format == format, format.inputs > 0, format.outputs > 0
            else { return nil }
            session.drain(hearing: state.heardPoints)
            // One thread renders what several cores share.
            let load = session.metrics.coreLoadPercent / 100
            let seconds = load > 0 ? min(Self.budget / load, Self.compared.upperBound) : Self.compared.lowerBound
            guard seconds >= Self.compared.lowerBound else { return nil }
            return session.heardInput.latest(
                min(Int(seconds * Double(format.sampleRate)), session.heardInput.count))
        }
    }

    private func settled(_ format: HostFormat) -> Int { Int(Self.settling * Double(format.sampleRate)) }

    /// Of what a setting makes of an input, once it has settled.
    private func loudness(
        of setup: ChainSetup,
        hearing input: [Float],
        _ format: HostFormat
    ) -> (loudness: Double, latency: Int)? {
        guard let (output, latency) = try? render(input, through: setup, format) else { return nil }
        return LoudnessMeter(channels: format.outputs, sampleRate: format.sampleRate)
            .loudness(of: output.dropFirst(settled(format) * format.outputs))
            .map { ($0, latency) }
    }

    /// - Parameter input: interleaved.
    /// - Returns: the output, interleaved, and by how many frames it is late.
    private func render(
        _ input: [Float],
        through setup: ChainSetup,
        _ format: HostFormat
    ) throws -> (output: [Float], latency: Int) {
        var setup = setup
        setup.coreCount = 1
        setup.assignment = [:]
        let plan = try builder.build(setup)
        let host = try EngineHost(first: plan, workers: 1, priority: 0)
        let size = format.frameSize
        let count = input.count / format.inputs / size
        let source = PlanarBuffer(channels: format.inputs, frameSize: size)
        let processed = PlanarBuffer(channels: format.outputs, frameSize: size)
        var output = [Float](repeating: 0, count: count * size * format.outputs)
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                guard let input = input.baseAddress, let output = output.baseAddress else { return }
                for frame in 0..<count {
                    source.fill(from: input + frame * size * format.inputs, frames: size)
                    DynHost_Process(host.pointer, source.inputs, processed.pointers)
                    processed.copy(to: output + frame * size * format.outputs, frames: size)
                }
            }
        }
        return (output, min(plan.latencySamples, count * size))
    }
}
