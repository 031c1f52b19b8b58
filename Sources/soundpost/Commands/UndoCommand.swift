import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost undo`: takes the newest change of one's own back.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Takes back your newest change that is still in force, and prints it.",
        discussion: """
            Yours are the changes made under the same --name.

            Example:
              soundpost undo
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let answer = try await client.undo()
            guard !json else { return try Terminal.printJSON(answer) }
            if let entry = answer.entry { Terminal.print(HistoryLine.text(entry)) }
        }
    }
}
