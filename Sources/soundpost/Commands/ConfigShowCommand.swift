import ArgumentParser
import Foundation
import Settings

/// `soundpost config show`: every setting, its value and its origin.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints every setting, its value and where that was set.",
        discussion: """
            Takes the options of serve and tells what serve would do with them. A file is read only when --config or \
            SOUNDPOST_CONFIG names one. Names that do nothing are reported on standard error. The access token is in a \
            file of its own and is not shown.

            Example:
              soundpost config show --config soundpost.json --json
            """
    )

    @OptionGroup var options: ServeOptions

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        let key: String
        let value: SettingValue
        let origin: String
        let place: String?
    }

    func run() throws {
        let loaded: LoadedSettings
        do throws(SettingsFaults) {
            loaded = try options.load()
            _ = try NodeSettings(loaded.settings)
        } catch {
            throw CommandFailure(error.faults.map(\.description))
        }
        for warning in loaded.warnings {
            Terminal.note("warning: \(warning)")
        }
        let rows = loaded.settings.items.map { item in
            Row(
                key: "\(item.definition.key)", value: item.value, origin: item.origin.kind, place: item.origin.name)
        }
        guard !json else { return try Terminal.printJSON(rows) }
        let keyWidth = rows.map(\.key.count).max() ?? 0
        let valueWidth = rows.map { $0.value.description.count }.max() ?? 0
        for row in rows {
            let key = row.key.padding(toLength: keyWidth + 2, withPad: " ", startingAt: 0)
            let value = row.value.description.padding(toLength: valueWidth + 2, withPad: " ", startingAt: 0)
            Terminal.print(key + value + (row.place ?? row.origin))
        }
    }
}
