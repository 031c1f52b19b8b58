import ArgumentParser

/// `soundpost channel`: messages between programs of one machine.
struct ChannelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "channel",
        abstract: "Tries out, taps and measures the channels between programs of one machine.",
        discussion: """
            Example:
              soundpost channel bench --kind shm
            """,
        subcommands: [ChannelEchoCommand.self, ChannelTapCommand.self, ChannelBenchCommand.self]
    )
}
