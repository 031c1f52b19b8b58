import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost preset list`.
struct PresetListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Prints the presets of a module.",
        discussion: """
            The one that plays is marked with *, and with (changed) when values were changed since.

            Example:
              soundpost preset list eq#1
            """
    )

    @Argument(help: "Module, such as eq#1.")
    var instance: String

    @Flag(help: "Print JSON, with the values.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let list = try await client.presets(of: instance)
            guard !json else { return try Terminal.printJSON(list) }
            for preset in list.presets {
                let plays = preset.presetId == list.loaded
                let mark = plays ? "*" : " "
                let changed = plays && list.changed == true ? " (changed)" : ""
                Terminal.print("\(mark) \(preset.presetId)  \(preset.name)\(changed)")
            }
        }
    }
}
