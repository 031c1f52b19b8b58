import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost profile list`.
struct ProfileListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Prints all profiles.",
        discussion: """
            Example:
              soundpost profile list
            """
    )

    @Flag(help: "Print JSON, with the presets.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let profiles = try await client.profiles()
            guard !json else { return try Terminal.printJSON(profiles) }
            for profile in profiles {
                Terminal.print("\(profile.profileId)  \(profile.name)")
            }
        }
    }
}
