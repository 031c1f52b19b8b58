import ArgumentParser

/// `soundpost config`: questions about the configuration.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows the configuration and where each value comes from.",
        discussion: """
            Example:
              soundpost config show --config soundpost.json
            """,
        subcommands: [ConfigShowCommand.self, ConfigExampleCommand.self]
    )
}
