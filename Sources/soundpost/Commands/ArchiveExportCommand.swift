import ArgumentParser
import Foundation
import SoundpostClient

/// `soundpost archive export`.
struct ArchiveExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes everything that a node keeps into a zip file.",
        discussion: """
            The file appears when it is complete; an older one of the name is replaced.

            Example:
              soundpost archive export studio.zip
            """
    )

    @Argument(help: "Zip file to write.")
    var file: String

    @OptionGroup var node: NodeOptions

    func run() async throws {
        do {
            let archive = try NodeArchive(try node.configuration())
            let bytes = try await archive.export(to: URL(fileURLWithPath: file))
            Terminal.print("\(file): \(bytes) bytes")
        } catch {
            throw CommandFailure(talkingToNode: error)
        }
    }
}
