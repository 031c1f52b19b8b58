import CDynamicChain

/// The taps at the two ends of the host, which are always there: for meters, for listeners, and for comparing loudness.
struct EndTaps {
    /// What loudness is compared over, at most.
    private static let seconds = 5
    private static let mostSamples = 4_000_000
    private static let ringSeconds = 0.5

    /// `nil` for a chain without external inputs.
    let input: AudioTap?
    let output: AudioTap?
    private(set) var heardInput: SampleHistory
    private(set) var heardOutput: SampleHistory
    private let format: HostFormat
    /// What listeners have not got yet.
    private var unheard: [(point: WirePoint, chunk: AudioChunk)] = []

    init(format: HostFormat) throws {
        self.format = format
        let ring = Int(Self.ringSeconds * Double(format.sampleRate))
        input = format.inputs > 0 ? try AudioTap(channels: format.inputs, frames: ring, format: format) : nil
        output = format.outputs > 0 ? try AudioTap(channels: format.outputs, frames: ring, format: format) : nil
        let room = Self.mostSamples / max(format.inputs, 1)
        let kept = max(min(Self.seconds * format.sampleRate, room), Engine.largestSpectrum)
        heardInput = SampleHistory(channels: max(format.inputs, 1), capacity: kept)
        heardOutput = SampleHistory(channels: max(format.outputs, 1), capacity: Engine.largestSpectrum)
    }

    func history(_ side: WirePoint.Side) -> SampleHistory {
        switch side {
        case .input: heardInput
        case .output: heardOutput
        }
    }

    /// Takes what has come: levels go into `metrics` if it has subscribers, and what is heard is kept for its
    /// listeners.
    mutating func drain(into metrics: inout MetricsCollector, hearing heard: Set<WirePoint>) {
        input?.drain { samples, frames, position in
            heardInput.append(samples)
            keep(samples, at: position, of: WirePoint(instance: nil, side: .input), heard, channels: format.inputs)
            guard metrics.hasSubscribers else { return }
            metrics.take(Self.levels(of: samples, frames, handle: InstanceHandles.chainInput))
        }
        output?.drain { samples, frames, position in
            heardOutput.append(samples)
            if metrics.hasSubscribers {
                metrics.take(Self.levels(of: samples, frames, handle: InstanceHandles.chainOutput))
            }
            keep(samples, at: position, of: WirePoint(instance: nil, side: .output), heard, channels: format.outputs)
        }
    }

    private mutating func keep(
        _ samples: UnsafeBufferPointer<Float>, at position: UInt64, of point: WirePoint, _ heard: Set<WirePoint>,
        channels: Int
    ) {
        guard heard.contains(point) else { return }
        let chunk = AudioChunk(
            sampleRate: format.sampleRate, channels: channels, samples: Array(samples), position: position)
        unheard.append((point, chunk))
    }

    /// What the listeners are to get now.
    mutating func takeUnheard() -> [(point: WirePoint, chunk: AudioChunk)] {
        defer { unheard = [] }
        return unheard
    }

    private static func levels(
        of samples: UnsafeBufferPointer<Float>,
        _ frames: Int,
        handle: UInt32
    ) -> [DynHostRecord] {
        let channels = samples.count / max(frames, 1)
        var peaks = [Float](repeating: 0, count: channels)
        var squares = peaks
        DynLevels_Measure(samples.baseAddress, UInt32(channels), UInt32(frames), &peaks, &squares)
        return (0..<channels).map { channel in
            var record = DynHostRecord()
            record.kind = UInt32(DYNHOST_RECORD_LEVEL.rawValue)
            record.handle = handle
            record.channel = UInt32(channel)
            record.peak = peaks[channel]
            record.square = squares[channel]
            return record
        }
    }
}
