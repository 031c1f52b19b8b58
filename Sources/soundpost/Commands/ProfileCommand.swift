import ArgumentParser

/// `soundpost profile`: one preset for each of some modules.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Lists, saves, loads and deletes profiles: one preset for each of some modules.",
        discussion: """
            Example:
              soundpost profile load night-drive
            """,
        subcommands: [
            ProfileListCommand.self, ProfileSaveCommand.self, ProfileLoadCommand.self, ProfileDeleteCommand.self,
        ]
    )
}
