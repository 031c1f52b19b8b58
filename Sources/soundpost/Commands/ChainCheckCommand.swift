import ArgumentParser
import AudioEngine
import ChainModel
import Foundation

/// `soundpost chain check`: every fault of a chain file at once.
struct ChainCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Names every fault of a chain, and joins whose branches have different latencies.",
        discussion: """
            Exit status 1 if there is a fault. Latency differences are warnings: they change the sound where the \
            branches meet, but a chain may mean them.

            Example:
              soundpost chain check examples/chains/two-way-active.json
            """
    )

    @Argument(help: "LinkConfig file.")
    var file: String

    @Option(help: ArgumentHelp("Parameter values, which latencies depend on.", valueName: "file"))
    var params: String?

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        struct Fault: Encodable {
            let code: String
            let path: String
            let message: String
        }

        let file: String
        let valid: Bool
        var modules: Int?
        var latencySamples: Int?
        let faults: [Fault]
        var warnings: [Fault] = []
    }

    func run() throws {
        let opened: ChainFile
        do {
            opened = try ChainFile(reading: file)
        } catch let unsound as ChainFaults {
            try report(unsound.faults)
            throw ExitCode.failure
        }
        let parameters = try ParameterFile.values(at: params, for: opened.chain)
        let latency = try CommandFailure.naming(file) { try ChainLatency(chain: opened.chain, parameters: parameters) }
        try report(opened.chain, latency)
    }

    private func report(_ faults: [ChainFault]) throws {
        guard !json else {
            let listed = faults.map { Report.Fault(code: $0.code, path: $0.path, message: $0.message) }
            return try Terminal.printJSON(Report(file: file, valid: false, faults: listed))
        }
        for fault in faults {
            Terminal.print("\(file): \(fault)")
        }
    }

    private func report(_ chain: FlattenedChain, _ latency: ChainLatency) throws {
        guard !json else {
            return try Terminal.printJSON(
                Report(
                    file: file,
                    valid: true,
                    modules: chain.modules.count,
                    latencySamples: latency.total,
                    faults: [],
                    warnings: latency.joins.map {
                        Report.Fault(code: "latency_join", path: $0.place, message: $0.explanation)
                    }
                )
            )
        }
        for join in latency.joins {
            Terminal.print("\(file): \(join.place): warning: \(join.explanation) [latency_join]")
        }
        let inputs = chain.externalInputs.map(\.channels).reduce(0, +)
        let outputs = chain.externalOutputs.map(\.channels).reduce(0, +)
        Terminal.print(
            "\(file): no faults; \(chain.modules.count) modules, \(inputs) → \(outputs) channels at "
                + "\(chain.sampleRate) Hz, latency \(latency.total) samples"
        )
    }
}
