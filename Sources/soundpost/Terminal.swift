import Foundation

/// The process's own standard streams. Text leaves at once, in a pipe too.
enum Terminal {
    /// Writes a line of result.
    static func print(_ line: String) {
        write(Data((line + "\n").utf8))
    }

    /// Writes bytes of result. Ends the process when nobody reads them any more, as in `soundpost watch | head`.
    static func write(_ data: Data) {
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            exit(EXIT_FAILURE)
        }
    }

    /// Writes a line of diagnostics.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Writes `value` as a result that programs read.
    static func printJSON(_ value: some Encodable) throws {
        try write(json(value))
    }

    /// `value` as indented JSON with a final line break.
    static func json(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
