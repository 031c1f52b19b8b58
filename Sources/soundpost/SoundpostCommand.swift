import ArgumentParser
import ControlProtocol

/// The executable: one subcommand a job.
@main
struct SoundpostCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soundpost",
        abstract: "Runs, renders and checks audio signal chains.",
        discussion: """
            Results go to standard output, diagnostics to standard error. Exit status: 0 done, 1 the work failed, \
            64 wrong usage.
            """,
        version: ProductVersion.current,
        subcommands: [
            ServeCommand.self, GetCommand.self, SetCommand.self, WatchCommand.self, PresetCommand.self,
            ProfileCommand.self, HistoryCommand.self, UndoCommand.self, RedoCommand.self, ArchiveCommand.self,
            RenderCommand.self, ChainCommand.self, ResponseCommand.self, ChannelCommand.self, ConfigCommand.self,
            VersionCommand.self,
        ]
    )
}
