import ArgumentParser
import ChainModel
import Foundation

/// `soundpost chain flatten`: the modules that run, in their order, and the wires between them.
struct ChainFlattenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flatten",
        abstract: "Prints the chain without sub-graphs: modules in processing order and wires.",
        discussion: """
            Example:
              soundpost chain flatten examples/chains/two-way-active.json --json
            """
    )

    @Argument(help: "LinkConfig file.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let listing = FlattenedChainListing(try ChainFile(path: file).chain)
        if json {
            try Terminal.printJSON(listing)
        } else {
            listing.lines.forEach(Terminal.print)
        }
    }
}
