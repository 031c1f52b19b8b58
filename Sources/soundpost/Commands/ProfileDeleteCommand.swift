import ArgumentParser
import SoundpostClient

/// `soundpost profile delete`.
struct ProfileDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Removes a profile for good. Its presets stay.",
        discussion: """
            Example:
              soundpost profile delete night-drive
            """
    )

    @Argument(help: "Id of the profile.")
    var profile: String

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { try await $0.deleteProfile(profile) }
    }
}
