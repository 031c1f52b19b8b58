import ArgumentParser

/// `soundpost chain`: questions about a chain file.
struct ChainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Checks, flattens or encodes a chain file.",
        discussion: """
            Example:
              soundpost chain check examples/chains/two-way-active.json
            """,
        subcommands: [ChainCheckCommand.self, ChainFlattenCommand.self, ChainFrameCommand.self]
    )
}
