import ArgumentParser
import SoundpostClient

/// `soundpost profile save`.
struct ProfileSaveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Stores which preset each of some modules plays.",
        discussion: """
            Replaces a profile of the same id. The profile is on the node's disk when the command ends.

            Example:
              soundpost profile save night-drive eq#1=evening gain#1=quiet
            """
    )

    @Argument(help: "Id of the profile: 1 to 64 letters, digits and _ . # -")
    var profile: String

    @Argument(help: ArgumentHelp("Module and the id of its preset.", valueName: "module=preset"))
    var choices: [String]

    @Option(help: "What people read. (default: the id)")
    var title: String?

    @OptionGroup var node: NodeOptions

    func validate() throws {
        _ = try presets()
    }

    func run() async throws {
        let presets = try presets()
        try await node.withClient { try await $0.saveProfile(profile, name: title, presets: presets) }
    }

    private func presets() throws -> [String: String] {
        var presets: [String: String] = [:]
        for choice in choices {
            let parts = choice.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw ValidationError("'\(choice)': a module and its preset look like eq#1=evening.")
            }
            guard presets.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw ValidationError("'\(choice)': \(parts[0]) has a preset already.")
            }
        }
        return presets
    }
}
