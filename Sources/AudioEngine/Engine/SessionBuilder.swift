import Dispatch
import Logging

/// Opens source, sink and driver for a plan.
struct SessionBuilder {
    static let feederInterval = DispatchTimeInterval.milliseconds(100)
    static let writerInterval = DispatchTimeInterval.milliseconds(100)
    /// How long the rings bridge a feeder or writer that is not scheduled, or a disk that is busy.
    private static let inputSeconds = 1
    private static let outputSeconds = 2
    private static let chunkFrames = 1024

    let logger: Logger
    let workers: Int
    let priority: Int32
    let makeDriver: DriverFactory

    /// Nothing runs yet when this returns.
    ///
    /// - Throws: ``EngineError`` of files and devices.
    func build(_ plan: EnginePlan, source: SourceDescription, sink: SinkDescription) throws -> EngineSession {
        let format = plan.format
        let ends = try EndTaps(format: format)
        let host = try EngineHost(
            first: plan, workers: workers, priority: priority, role: .live(input: ends.input, output: ends.output))
        let feeder = try makeFeeder(source, format)
        let writer = try makeWriter(sink, format)
        let driver = try makeDriver(
            DriverRequest(
                host: host,
                input: feeder?.ring,
                output: writer?.ring,
                source: source,
                sink: sink,
                priority: priority
            )
        )
        feeder?.feeder.use(driver)
        return EngineSession(
            plan: plan,
            host: host,
            ends: ends,
            driver: driver,
            feeder: feeder?.feeder,
            writer: writer?.writer,
            source: source,
            sink: sink,
            logger: logger
        )
    }

    private func makeFeeder(
        _ source: SourceDescription,
        _ format: HostFormat
    ) throws -> (feeder: SourceFeeder, ring: AudioRing)? {
        func makeRing() throws -> AudioRing {
            try AudioRing(
                channels: format.inputs,
                frames: max(format.sampleRate * Self.inputSeconds, 8 * format.frameSize)
            )
        }
        switch source {
        case .silence, .card:
            return nil
        case .generator:
            guard format.inputs > 0 else { return nil }
            let ring = try makeRing()
            let material = ProgramMaterial(channels: format.inputs, sampleRate: format.sampleRate)
            return (
                SourceFeeder(source: material, ring: ring, chunkFrames: Self.chunkFrames, logger: logger), ring
            )
        case .file(let path, let loops, let plainOnly):
            let file = FileSource(reader: try AudioFileReader(path: path, plainFileOnly: plainOnly), loops: loops)
            let samples: any SeekableSource =
                file.sampleRate == format.sampleRate
                ? file : try ResampledSource(file, sampleRate: format.sampleRate, quality: .medium)
            guard format.inputs > 0 else { return nil }
            let ring = try makeRing()
            return (
                SourceFeeder(seekable: samples, ring: ring, chunkFrames: Self.chunkFrames, logger: logger), ring
            )
        }
    }

    private func makeWriter(
        _ sink: SinkDescription,
        _ format: HostFormat
    ) throws -> (writer: FileSinkWriter, ring: AudioRing)? {
        guard case .file(let path) = sink else { return nil }
        guard format.outputs > 0 else {
            throw EngineError(.formatMismatch, "the chain has no external output that could be written to \(path)")
        }
        let file = try AudioFileWriter(path: path, channels: format.outputs, sampleRate: format.sampleRate)
        let ring = try AudioRing(
            channels: format.outputs,
            frames: max(format.sampleRate * Self.outputSeconds, 8 * format.frameSize)
        )
        return (FileSinkWriter(writer: file, ring: ring, logger: logger), ring)
    }
}
