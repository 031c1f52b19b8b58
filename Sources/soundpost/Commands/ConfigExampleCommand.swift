import ArgumentParser
import Foundation
import Settings

/// `soundpost config example`: a configuration file to begin with.
struct ConfigExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Prints a configuration file with every setting, its default and what it decides.",
        discussion: """
            Example:
              soundpost config example > soundpost.json
            """
    )

    func run() {
        Terminal.write(Data(ExampleFile.text.utf8))
    }
}
