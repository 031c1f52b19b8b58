import ArgumentParser
import ControlProtocol
import Foundation
import SoundpostClient

/// `soundpost history`: who changed what and when.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Prints what was changed, by whom and when, the newest first.",
        discussion: """
            Changes that are taken back at present are marked (undone).

            Example:
              soundpost history --limit 20
            """
    )

    @Option(help: "Most changes to print, 1…1000.")
    var limit = 100

    @Option(help: ArgumentHelp("Print changes older than the one with this number.", valueName: "id"))
    var before: Int64?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func validate() throws {
        guard (1...1000).contains(limit) else { throw ValidationError("--limit \(limit): 1…1000.") }
    }

    func run() async throws {
        try await node.withClient { client in
            let history = try await client.history(limit: limit, before: before)
            guard !json else { return try Terminal.printJSON(history) }
            for entry in history.entries {
                Terminal.print(HistoryLine.text(entry))
            }
        }
    }
}

/// One change as one line.
enum HistoryLine {
    static func text(_ entry: HistoryEntry) -> String {
        let time = Date(timeIntervalSince1970: Double(entry.timestamp) / 1000).formatted(.iso8601)
        return "\(entry.id)  \(time)  \(entry.client)  \(entry.title)\(entry.undone ? " (undone)" : "")"
    }
}
