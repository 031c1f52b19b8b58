import ArgumentParser

/// `soundpost preset`: values of one module under a name.
struct PresetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preset",
        abstract: "Lists, saves, loads, deletes and compares the presets of a module.",
        discussion: """
            Example:
              soundpost preset save eq#1 evening --title "Evening, rear seats"
            """,
        subcommands: [
            PresetListCommand.self, PresetSaveCommand.self, PresetLoadCommand.self, PresetDeleteCommand.self,
            PresetDiffCommand.self,
        ]
    )
}
