import Foundation
import Logging

/// Writes each log line as one JSON object on standard error: `time` (ISO 8601, UTC, milliseconds), `level`, `source`,
/// `message` and `metadata`, an object of texts.
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    private struct Line: Encodable {
        let time: String
        let level: String
        let source: String
        let message: String
        let metadata: [String: String]
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata.merging(event.metadata ?? [:]) { _, newer in newer }
        if let error = event.error { all["error"] = "\(error)" }
        let line = Line(
            time: Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)),
            level: event.level.rawValue,
            source: event.source,
            message: "\(event.message)",
            metadata: all.mapValues { "\($0)" }
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            Self.write(try encoder.encode(line) + Data("\n".utf8))
        } catch {
            preconditionFailure("Texts can always be encoded: \(error)")
        }
    }

    /// In one piece, so that lines of several threads stay whole. Nobody can be told when it fails.
    private static func write(_ line: Data) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(
                    STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno != EINTR { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
