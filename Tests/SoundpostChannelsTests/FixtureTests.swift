import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

/// What is a message and what is none, as fixtures/channels says it to all languages.
@Suite struct FixtureTests {
    private struct Row {
        let why: String
        let wire: [UInt8]
        let message: [String: JSONValue]
    }

    private static func rows(_ name: String) throws -> [Row] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try Data(contentsOf: root.appending(path: "fixtures/channels/\(name)"))
        return try text.split(separator: UInt8(ascii: "\n")).map { line in
            // Rows nest deeper than the messages in them.
            guard case .object(let row) = try JSONParser.parse(line, maximumDepth: 64),
                case .string(let why) = row["why"]
            else { throw JSONFault(.malformed, offset: 0, "\(name) has a row that is no object") }
            var message: [String: JSONValue] = [:]
            if case .object(let members) = row["message"] { message = members }
            switch (row["line"], row["hex"]) {
            case (.string(let line), _): return Row(why: why, wire: Array(line.utf8), message: message)
            case (_, .string(let hex)):
                let digits = hex.compactMap { $0.hexDigitValue.map(UInt8.init) }
                let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
                return Row(why: why, wire: bytes, message: message)
            default: throw JSONFault(.malformed, offset: 0, "\(name): \(why) has neither line nor hex")
            }
        }
    }

    private static func read(_ bytes: [UInt8]) throws -> Message {
        try bytes.withUnsafeBytes { try Message(encoded: $0) }
    }

    /// The message that a row describes, by way of what decodes types from values.
    private struct Meaning: Decodable {
        struct Failure: Decodable {
            let code: Int
            let message: String
            let data: JSONValue?
        }
        let type: String
        let id: String?
        let method: String?
        let event: String?
        let error: Failure?
        let data: JSONValue?

        func message() throws -> Message {
            Message(
                try #require(Message.Kind(rawValue: type)), id: id, method: method, event: event,
                error: error.map { .init(code: $0.code, message: $0.message, data: $0.data) }, data: data ?? .null)
        }
    }

    /// With every number as a double unless it is an integer that no double holds, so that 1 and 1.0 are the same.
    private static func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let number): Double(exactly: number).map { .number($0) } ?? value
        case .unsigned(let number): Double(exactly: number).map { .number($0) } ?? value
        case .array(let elements): .array(elements.map(plain))
        case .object(let members): .object(members.mapValues(plain))
        case .null, .bool, .number, .string: value
        }
    }

    private static func plain(_ message: Message) -> Message {
        var message = message
        message.data = plain(message.data)
        let detail = message.error?.data
        message.error?.data = detail.flatMap { $0 == .null ? nil : plain($0) }
        return message
    }

    @Test func everyLineMeansWhatTheFixtureSays() throws {
        for row in try Self.rows("messages.jsonl") {
            let expected = try JSONValueDecoder.decode(Meaning.self, from: .object(row.message)).message()
            let message = try Self.read(row.wire)
            #expect(Self.plain(message) == Self.plain(expected), "\(row.why)")
            #expect(Self.plain(try Self.read(try message.encoded())) == Self.plain(expected), "\(row.why)")
        }
    }

    @Test func whatIsNoMessageIsRefused() throws {
        for row in try Self.rows("refused.jsonl") {
            #expect(throws: Message.Fault.self, "\(row.why)") { try Self.read(row.wire) }
        }
    }
}
