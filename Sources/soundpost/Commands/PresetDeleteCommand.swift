import ArgumentParser
import SoundpostClient

/// `soundpost preset delete`.
struct PresetDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Removes a preset for good.",
        discussion: """
            Example:
              soundpost preset delete eq#1 evening
            """
    )

    @Argument(help: "Module, such as eq#1.")
    var instance: String

    @Argument(help: "Id of the preset.")
    var preset: String

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { try await $0.deletePreset(preset, of: instance) }
    }
}
