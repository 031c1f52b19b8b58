import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost profile load`.
struct ProfileLoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Applies the presets of a profile: all of their values, or none.",
        discussion: """
            Prints the presets that were applied; modules that the chain lacks are named on standard error.

            Example:
              soundpost profile load night-drive
            """
    )

    @Argument(help: "Id of the profile.")
    var profile: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let loaded = try await client.loadProfile(profile)
            guard !json else { return try Terminal.printJSON(loaded) }
            let absent = loaded.absent ?? []
            for (module, preset) in loaded.modulePresets.sorted(by: { $0.key < $1.key }) {
                if absent.contains(module) {
                    Terminal.note("\(module): is not in the chain; its preset \(preset) was not applied")
                } else {
                    Terminal.print("\(module) \(preset)")
                }
            }
        }
    }
}
