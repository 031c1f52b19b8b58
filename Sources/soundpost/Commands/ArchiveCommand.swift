import ArgumentParser

/// `soundpost archive`: everything a node keeps, in one file.
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Takes everything that a node keeps into one file, or puts it back.",
        discussion: """
            A zip file with chain, core assignments, presets, profiles, audio files, values and history. The access \
            token is not in it.

            Example:
              soundpost archive export studio.zip
            """,
        subcommands: [ArchiveExportCommand.self, ArchiveImportCommand.self]
    )
}
