import CDynamicChain
import ChainModel
import DynamicChain

/// Sends one impulse through a chain and records what comes out until it has died away.
///
/// The chain runs in the tick that also plays and renders. The impulse is 2⁻²⁰ of full scale: far below every threshold
/// of a limiter or compressor, and a power of two, so that scaling it back changes no bit of a linear chain's answer.
struct ImpulseMeasurement {
    private static let amplitude: Float = 0x1p-20
    private static let longest = 1 << 20
    /// Share of the whole energy that the second half of the recording may hold: −160 dB.
    private static let quiet = 1e-16
    /// What is smaller than this share of the peak is no longer part of the answer.
    private static let negligible = 1e-12

    /// One a output channel, as if the impulse had been 1.
    let responses: [[Double]]
    /// The recording ended before the answer had died away.
    let isTruncated: Bool

    init(plan: EnginePlan, inputChannel: Int, shortest: Int) throws {
        let host = try EngineHost(first: plan, workers: 1, priority: 0)
        host.setOutputNow(gain: 1, muteMask: 0)
        var recording = [[Double]](repeating: [], count: plan.format.outputs)
        var target = min(max(shortest, 1), Self.longest)
        var isFirst = true
        while true {
            try Self.run(
                host, plan.format, impulseAt: isFirst ? inputChannel : nil, until: target, recording: &recording
            )
            isFirst = false
            let hasEnded = recording.allSatisfy(Self.hasDiedAway)
            guard !hasEnded, target < Self.longest else {
                isTruncated = !hasEnded
                break
            }
            target = min(2 * target, Self.longest)
        }
        responses = recording.map(Self.trimmed)
    }

    private static func run(
        _ host: EngineHost,
        _ format: HostFormat,
        impulseAt channel: Int?,
        until target: Int,
        recording: inout [[Double]]
    ) throws {
        let frame = format.frameSize
        let samples = UnsafeMutablePointer<Float>.allocate(capacity: (format.inputs + format.outputs) * frame)
        defer { samples.deallocate() }
        samples.initialize(repeating: 0, count: (format.inputs + format.outputs) * frame)
        if let channel { samples[channel * frame] = amplitude }
        let output = samples + format.inputs * frame
        let inputs = (0..<format.inputs).map { UnsafePointer(samples + $0 * frame) as UnsafePointer<Float>? }
        let outputs = (0..<format.outputs).map { (output + $0 * frame) as UnsafeMutablePointer<Float>? }

        while let first = recording.first, first.count < target {
            let status = DynHost_Process(host.pointer, inputs, outputs)
            guard status == DYNCHAIN_OK else {
                throw EngineError(.chainRefused, "the DSP host does not process (code \(status))")
            }
            for index in recording.indices {
                for sample in UnsafeBufferPointer(start: output + index * frame, count: frame) {
                    recording[index].append(Double(sample) / Double(amplitude))
                }
            }
            if let channel { samples[channel * frame] = 0 }
        }
    }

    private static func hasDiedAway(_ samples: [Double]) -> Bool {
        let energy = samples.reduce(0) { $0 + $1 * $1 }
        let late = samples[(samples.count / 2)...].reduce(0) { $0 + $1 * $1 }
        return late <= energy * quiet
    }

    private static func trimmed(_ samples: [Double]) -> [Double] {
        let floor = samples.reduce(0) { max($0, abs($1)) } * negligible
        let end = samples.lastIndex { abs($0) > floor } ?? -1
        return Array(samples[...end])
    }
}
