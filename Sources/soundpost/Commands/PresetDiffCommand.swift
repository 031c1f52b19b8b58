import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost preset diff`.
struct PresetDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares a preset with another one, or with the values in force.",
        discussion: """
            A line each that differs: parameter, value in the preset, the other value; - where there is none.

            Example:
              soundpost preset diff eq#1 evening morning
            """
    )

    @Argument(help: "Module, such as eq#1.")
    var instance: String

    @Argument(help: "Id of the preset.")
    var preset: String

    @Argument(help: "Id of the other preset; without it, the values in force.")
    var other: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await node.withClient { client in
            let differences = try await client.differences(of: preset, from: other, of: instance)
            guard !json else { return try Terminal.printJSON(differences) }
            for difference in differences {
                Terminal.print("\(difference.paramId) \(difference.value ?? "-") \(difference.other ?? "-")")
            }
        }
    }
}
