import ArgumentParser
import AudioEngine
import ControlProtocol
import Foundation

/// `soundpost version`: what this executable is made of.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the version, the tools it was built with and the libraries it uses.",
        discussion: """
            Example:
              soundpost version --json
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    private struct Report: Encodable {
        let soundpost: String
        let swift: String
        let platform: String
        let dynamicChainAbi: Int
        let vectorIsa: String
        let libraries: [String: String]
    }

    func run() throws {
        let report = Report(
            soundpost: ProductVersion.current,
            swift: BuildToolchain.swiftVersion,
            platform: BuildToolchain.platform,
            dynamicChainAbi: LibraryVersions.dynamicChainABI,
            vectorIsa: VectorISA.current.rawValue,
            libraries: [
                "libsndfile": LibraryVersions.sndfile,
                "PortAudio": LibraryVersions.portAudio,
                "libsamplerate": LibraryVersions.sampleRate,
            ]
        )
        guard !json else { return try Terminal.printJSON(report) }
        let rows =
            [
                ("soundpost", report.soundpost), ("Swift", report.swift), ("platform", report.platform),
                ("DynamicChain ABI", String(report.dynamicChainAbi)), ("vector ISA", report.vectorIsa),
            ] + report.libraries.sorted { $0.key < $1.key }
        for (name, value) in rows {
            Terminal.print(name.padding(toLength: 18, withPad: " ", startingAt: 0) + value)
        }
    }
}
