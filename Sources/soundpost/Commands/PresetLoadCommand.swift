import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost preset load`.
struct PresetLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Applies a preset: all of its values, or none.",
        discussion: """
            Prints the values that it brought.

            Example:
              soundpost preset load eq#1 evening
            """
    )

    @Argument(help: "Module, such as eq#1.")
    var instance: String

    @Argument(help: "Id of the preset.")
    var preset: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let loaded = try await client.loadPreset(preset, of: instance)
            guard !json else { return try Terminal.printJSON(loaded) }
            for (key, value) in loaded.params.sorted(by: { $0.key < $1.key }) {
                Terminal.print("\(loaded.instanceId) \(key) \(value)")
            }
        }
    }
}
