import ArgumentParser
import ControlProtocol
import SoundpostClient

/// `soundpost get`: values in force.
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Prints the value of a parameter, all values of a module, or all of a node.",
        discussion: """
            Values that were never set are the defaults. Of one parameter the value alone is printed; otherwise a line \
            each: module, parameter, value.

            Example:
              soundpost get gain#1 gainDb#0
            """
    )

    @Argument(help: "Module, such as gain#1.")
    var instance: String?

    @Argument(help: "Parameter with its index, such as gainDb#0.")
    var parameter: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var node: NodeOptions

    private struct Value: Encodable {
        let instanceId: String
        let paramId: String
        let value: String
    }

    func run() async throws {
        try await node.withClient { client in
            switch (instance, parameter) {
            case (let instance?, let parameter?):
                try await printOne(instance, parameter, from: client)
            case (let instance?, nil):
                let values = try await client.values(of: instance)
                if json { try Terminal.printJSON(values) } else { printLines([instance: values]) }
            case (nil, _):
                let values = try await client.values()
                if json { try Terminal.printJSON(values) } else { printLines(values) }
            }
        }
    }

    private func printOne(_ instance: String, _ parameter: String, from client: SoundpostClient) async throws {
        let answer = try await client.ask(GetParameter(instanceId: instance, paramId: parameter))
        let value = answer.value ?? ""
        guard json else { return Terminal.print(value) }
        try Terminal.printJSON(Value(instanceId: answer.instanceId, paramId: answer.paramId, value: value))
    }

    private func printLines(_ instances: [String: [String: String]]) {
        for (instance, values) in instances.sorted(by: { $0.key < $1.key }) {
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                Terminal.print("\(instance) \(key) \(value)")
            }
        }
    }
}
