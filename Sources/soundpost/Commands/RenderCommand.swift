import ArgumentParser
import AudioEngine
import ChainModel
import Foundation
import Storage

/// `soundpost render`: an audio file through a chain.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Renders an audio file through a chain, as fast as the machine allows.",
        discussion: """
            Reads what libsndfile reads; writes WAV, W64, RF64, AIFF and CAF with float samples and FLAC with 24 bits. \
            The output is longer than the input by the chain's latency, or by --tail.

            Example:
              soundpost render chain.json in.wav out.wav --params values.json
            """
    )

    @Argument(help: "LinkConfig file.")
    var chain: String

    @Argument(help: "Audio file to read.")
    var input: String

    @Argument(help: "Audio file to write; its extension chooses the format.")
    var output: String

    @Option(help: ArgumentHelp("Parameter values: {\"gain#1\": {\"gainDb#0\": -3.5}}.", valueName: "file"))
    var params: String?

    @Option(help: "Simulated cores, 1…16.")
    var cores = 1

    @Option(help: ArgumentHelp("Cores of modules: {\"eq#1\": 1}; the others run on core 0.", valueName: "file"))
    var assign: String?

    @Option(help: "Samples a frame; the chain's own frame size if absent.")
    var block: Int?

    @Option(help: "Samples to render after the end of the input; the chain's latency if absent.")
    var tail: Int?

    @Flag(help: "Convert an input that has another sample rate than the chain.")
    var resample = false

    @Option(help: ArgumentHelp("Write latency, speed and time per module as JSON.", valueName: "file"))
    var report: String?

    func validate() throws {
        guard (1...16).contains(cores) else { throw ValidationError("--cores \(cores): there are 1…16 cores.") }
        if let block, !(1...8192).contains(block) {
            throw ValidationError("--block \(block): a frame has 1…8192 samples.")
        }
        if let tail, !(0...1 << 32).contains(tail) {
            throw ValidationError("--tail \(tail): the tail is 0…\(1 << 32) samples.")
        }
        do {
            _ = try AudioFileFormat(path: output)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        let file = try ChainFile(path: chain)
        let setup = ChainSetup(
            chain: file.chain,
            parameters: try ParameterFile.values(at: params, for: file.chain),
            coreCount: cores,
            assignment: try AssignmentFile.assignment(at: assign, for: file.chain, cores: cores)
        )
        let renderer = OfflineRenderer(setup: setup, workers: cores)
        let reader = try AudioFileReader(path: input)
        guard reader.sampleRate == file.chain.sampleRate || resample else {
            throw CommandFailure(
                "\(input): is at \(reader.sampleRate) Hz, \(chain) at \(file.chain.sampleRate) Hz; --resample converts "
                    + "it"
            )
        }
        let interruption = Interruption()
        let writer = try AudioFileWriter(
            path: output,
            channels: renderer.outputChannels,
            sampleRate: file.chain.sampleRate
        )
        let facts = try render(renderer, from: reader, to: writer, until: interruption)
        try writer.close()
        if let report {
            try CommandFailure.naming(report) {
                try AtomicFile.write(Terminal.json(facts), to: URL(fileURLWithPath: report))
            }
        }
        note(facts, writer)
    }

    private func render(
        _ renderer: OfflineRenderer,
        from reader: AudioFileReader,
        to writer: AudioFileWriter,
        until interruption: Interruption
    ) throws -> RenderReport {
        var line = ProgressLine("Rendering \(output)")
        defer { line.clear() }
        let ratio = Double(writer.sampleRate) / Double(reader.sampleRate)
        let total = Int((Double(reader.frameCount) * ratio).rounded()) + (tail ?? 0)
        return try renderer.render(
            input: reader, output: writer, tailSamples: tail, frameSize: block, resample: resample
        ) { done in
            try interruption.check()
            line.show(done, of: total)
        }
    }

    /// Says what the listener would otherwise wonder about.
    private func note(_ facts: RenderReport, _ writer: AudioFileWriter) {
        if facts.nonFiniteInputs > 0 {
            Terminal.note("\(input): \(facts.nonFiniteInputs) samples were no numbers and became silence")
        }
        if writer.clippedSamples > 0 {
            Terminal.note("\(output): \(writer.clippedSamples) samples were beyond full scale and were limited")
        }
    }
}
