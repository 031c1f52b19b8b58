import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost set`: one value, or several of one module together.
struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets parameters of a module.",
        discussion: """
            Several are set together: all of them, or none. Prints what was set when the node has stored it.

            Example:
              soundpost set gain#1 gainDb#0 -6 gainDb#1 -6
            """
    )

    @Argument(help: "Module, such as gain#1.")
    var instance: String

    // Takes what looks like an option too, for a value may be negative.
    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp("Parameter and value, and more of both.", valueName: "parameter value"))
    var words: [String]

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    private struct Report: Encodable {
        let instanceId: String
        let params: [String: String]
    }

    func validate() throws {
        if let option = words.first(where: { $0.hasPrefix("--") }) {
            throw ValidationError("Unknown option '\(option)'.")
        }
        guard !words.isEmpty, words.count.isMultiple(of: 2) else {
            throw ValidationError("After the module come pairs: a parameter and its value, such as gainDb#0 -6.")
        }
        let names = stride(from: 0, to: words.count, by: 2).map { words[$0] }
        guard Set(names).count == names.count else {
            throw ValidationError("A parameter is given more than once.")
        }
    }

    func run() async throws {
        var values: [String: String] = [:]
        for index in stride(from: 0, to: words.count, by: 2) {
            values[words[index]] = words[index + 1]
        }
        let given = values
        try await node.withClient { client in
            try await set(given, on: client)
        }
    }

    private func set(_ values: [String: String], on client: SoundpostClient) async throws {
        var stored = values
        if let only = values.first, values.count == 1 {
            stored = [try await client.set(instance, only.key, to: .string(only.value)): only.value]
        } else {
            try await client.apply(values.mapValues(JSONScalar.string), to: instance)
        }
        guard !json else { return try Terminal.printJSON(Report(instanceId: instance, params: stored)) }
        for (key, value) in stored.sorted(by: { $0.key < $1.key }) {
            Terminal.print("\(instance) \(key) \(value)")
        }
    }
}
