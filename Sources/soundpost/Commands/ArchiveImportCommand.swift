import ArgumentParser
import Foundation
import SoundpostClient

/// `soundpost archive import`.
struct ArchiveImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Puts back what an archive holds, in place of what the node keeps now.",
        discussion: """
            All of it is taken over, or nothing.

            Example:
              soundpost archive import studio.zip
            """
    )

    @Argument(help: "Zip file that 'soundpost archive export' wrote.")
    var file: String

    @OptionGroup var node: NodeOptions

    func run() async throws {
        do {
            let archive = try NodeArchive(try node.configuration())
            try await archive.import(from: URL(fileURLWithPath: file))
        } catch {
            throw CommandFailure(talkingToNode: error)
        }
    }
}
