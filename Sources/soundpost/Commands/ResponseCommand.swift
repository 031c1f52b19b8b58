import ArgumentParser
import AudioEngine
import ChainModel
import Foundation

/// `soundpost response`: magnitude, phase and group delay of a chain.
struct ResponseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "response",
        abstract: "Prints or plots magnitude, phase and group delay of a chain.",
        discussion: """
            Measured on the running modules with a small impulse into one input channel, towards every output channel \
            that it reaches. Limiters stay below their threshold; generators are switched off.

            Example:
              soundpost response chain.json --params values.json --format png > a.png
            """
    )

    /// What is written to standard output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv, json, svg, png
    }

    @Argument(help: "LinkConfig file.")
    var chain: String

    @Option(help: ArgumentHelp("Parameter values: {\"gain#1\": {\"gainDb#0\": -3.5}}.", valueName: "file"))
    var params: String?

    @Option(help: "Input channel, counted through all input ports from 0.")
    var channel = 0

    @Option(
        help:
            "Output channel, counted through all output ports from 0; may be repeated. All that are reached if absent."
    )
    var output: [Int] = []

    @Option(help: "csv, json, svg or png.")
    var format = Format.csv

    @Option(help: "Frequencies at equal ratios from 20 Hz to 0.49 of the sample rate.")
    var points = 480

    @Flag(help: "Let the phase run on beyond ±180°.")
    var unwrap = false

    func validate() throws {
        guard (2...100_000).contains(points) else {
            throw ValidationError("--points \(points): 2…100000 are possible.")
        }
        guard channel >= 0 else { throw ValidationError("--channel \(channel): channels count from 0.") }
        for output in output where output < 0 {
            throw ValidationError("--output \(output): channels count from 0.")
        }
        if format == .png, Terminal.outputIsTerminal {
            throw ValidationError("--format png: send the picture to a file or a program, such as > response.png")
        }
    }

    func run() throws {
        let file = try ChainFile(path: chain)
        let parameters = try ParameterFile.values(at: params, for: file.chain)
        let measured = try CommandFailure.naming(chain) {
            try ChainResponse(chain: file.chain, parameters: parameters, inputChannel: channel)
        }
        if measured.isTruncated {
            Terminal.note(
                "\(chain): a response was still sounding after \(1 << 20) samples and was cut off there; narrow "
                    + "filters at low frequencies show too little"
            )
        }
        let result = ResponseResult(
            title: file.title,
            path: chain,
            sampleRate: measured.sampleRate,
            inputChannel: channel,
            outputs: try outputs(of: measured),
            silentOutputs: measured.impulses.indices.filter { measured.impulses[$0].isEmpty }
        )
        switch format {
        case .csv: Terminal.write(result.csv)
        case .json: try Terminal.printJSON(result.json)
        case .svg: Terminal.write(result.plot(hasContinuousPhase: unwrap).drawn(on: SVGCanvas.self))
        case .png: Terminal.write(result.plot(hasContinuousPhase: unwrap).drawn(on: RasterCanvas.self))
        }
    }

    private func outputs(of measured: ChainResponse) throws -> [ResponseResult.Output] {
        let all = measured.impulses.indices
        for wanted in output where !all.contains(wanted) {
            throw CommandFailure("\(chain): --output \(wanted): the chain's output channels are 0…\(all.count - 1)")
        }
        let chosen = output.isEmpty ? all.filter { !measured.impulses[$0].isEmpty } : output
        guard !chosen.isEmpty else {
            throw CommandFailure("\(chain): --channel \(channel): nothing that goes in there comes out of the chain")
        }
        let top = 0.49 * Double(measured.sampleRate)
        let frequencies = FrequencyResponse.logarithmicFrequencies(from: 20, to: top, count: points)
        return chosen.map { output in
            let response = measured.response(ofOutput: output, at: frequencies)
            return ResponseResult.Output(channel: output, response: unwrap ? response.unwrapped() : response)
        }
    }
}
