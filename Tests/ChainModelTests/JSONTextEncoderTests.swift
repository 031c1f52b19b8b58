import ChainModel
import Foundation
import Testing
import WireFormats

/// Foundation's encoder is the reference.
struct JSONTextEncoderTests {
    private struct Inner: Encodable {
        var flag = true
        var nothing: Int?
        var level = Level.high
        var list: [Double] = [0, -0.5, 1e300, 5e-324, 123_456_789]

        enum Level: String, Encodable { case high }
    }

    private struct Outer: Encodable {
        var zulu = "slash / quote \" back \\ tab \t bell \u{7} nul \0 ü 🎛 \u{2028}"
        var alpha: [String: Int] = ["b": 1, "a": -2, "ä": 3]
        var inner = Inner()
        var inners = [Inner(), Inner(flag: false, nothing: 3)]
        var empty: [Int] = []
        var nobody: [String: Int] = [:]
        var small: Float = 0.1
        var matrix: [[UInt8]] = [[], [1, 255]]
        var huge = UInt64.max
        var least = Int64.min
    }

    @Test func writesWhatFoundationWrites() throws {
        #expect(try JSONTextEncoder.text(of: Outer()) == foundation(Outer()))
    }

    @Test(arguments: 0..<300)
    func writesWhatFoundationWritesOfRandomValues(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = JSONValue.object(["root": .random(depth: 5, &random)])
        let text = try JSONTextEncoder.text(of: value)
        #expect(text == (try foundation(value)))
        #expect(try JSONParser.parse(Array(text.utf8), maximumBytes: 1 << 20, maximumDepth: 16) == value)
    }

    @Test func theContainerOfOneObjectCanBeAskedForAgainAndTheLastValueCounts() throws {
        struct Twice: Encodable {
            enum Key: String, CodingKey { case one, two }

            func encode(to encoder: any Encoder) throws {
                var first = encoder.container(keyedBy: Key.self)
                try first.encode(1, forKey: .one)
                try first.encode("x", forKey: .two)
                var second = encoder.container(keyedBy: Key.self)
                try second.encode(2, forKey: .one)
            }
        }
        #expect(try JSONTextEncoder.text(of: Twice()) == #"{"one":2,"two":"x"}"#)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func numbersThatJSONDoesNotHaveAreRefusedWithTheirPlace(number: Double) {
        #expect {
            try JSONTextEncoder.text(of: ["levels": [["left": 1], ["left": number]]])
        } throws: { error in
            guard case EncodingError.invalidValue(_, let context) = error else { return false }
            return context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } == ["levels", "1", "left"]
        }
    }

    private func foundation(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension JSONValue {
    fileprivate static func random(depth: Int, _ random: inout some RandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .integer(.random(in: .min ... .max, using: &random))
        case 3: .unsigned(.random(in: (1 << 63)...(.max), using: &random))
        // Not whole: such a number would be read as an integer.
        case 4: .number(Double(Int.random(in: -1000...1000, using: &random)) + 0.1)
        case 5: .string(text(&random))
        case 6: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, &random) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in
                        (text(&random), .random(depth: depth - 1, &random))
                    },
                    uniquingKeysWith: { $1 }
                )
            )
        }
    }

    private static func text(_ random: inout some RandomNumberGenerator) -> String {
        let alphabet: [Character] = ["a", "B", "0", "_", "\"", "\\", "/", "\n", "\u{1}", "é", "漢", "🎚", " "]
        return String((0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
    }
}
