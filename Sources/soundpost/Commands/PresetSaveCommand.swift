import ArgumentParser
import SoundpostClient

/// `soundpost preset save`.
struct PresetSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Stores a module's present values under a name.",
        discussion: """
            Replaces a preset of the same id. The preset is on the node's disk when the command ends.

            Example:
              soundpost preset save eq#1 evening --title "Evening, rear seats"
            """
    )

    @Argument(help: "Module, such as eq#1.")
    var instance: String

    @Argument(help: "Id of the preset: 1 to 64 letters, digits and _ . # -")
    var preset: String

    @Option(help: "What people read. (default: the id)")
    var title: String?

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { try await $0.savePreset(preset, of: instance, name: title) }
    }
}
