import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost redo`: makes the change again that was taken back last.
struct RedoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo",
        abstract: "Makes the change again that you took back last, and prints it.",
        discussion: """
            Yours are the changes made under the same --name.

            Example:
              soundpost redo
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let answer = try await client.redo()
            guard !json else { return try Terminal.printJSON(answer) }
            if let entry = answer.entry { Terminal.print(HistoryLine.text(entry)) }
        }
    }
}
