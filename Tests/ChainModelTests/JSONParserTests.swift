import ChainModel
import Foundation
import Testing
import WireFormats

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("false\n", .bool(false)), ("0", .integer(0)),
        ("-0", .number(-0.0)), ("12", .integer(12)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .unsigned(1 << 63)), ("18446744073709551615", .unsigned(.max)),
        ("18446744073709551616", .number(18_446_744_073_709_551_616)), ("1.5e3", .number(1500)),
        ("1E-2", .number(0.01)),
        ("0.1", .number(0.1)), ("[]", .array([])), ("{}", .object([:])),
        ("[ 1 , [ ] ]", .array([.integer(1), .array([])])),
        (#"{"a":{"b":[1]},"":2}"#, .object(["a": .object(["b": .array([.integer(1)])]), "": .integer(2)])),
        (#""a\"\\\/\b\f\n\r\tü\u00e9\ud83d\ude00""#, .string("a\"\\/\u{8}\u{C}\n\r\tüé😀")),
    ])
    func validTextIsRead(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(text.utf8) == value)
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{1F}", "\u{0}", "ü", "\u{7F}", " ", "!", "#", "[", "]"])
    func whatIsSpecialIsFoundAtEveryPlace(special: String) throws {
        for place in 0..<90 {
            let text = String(repeating: "x", count: place) + special + String(repeating: "y", count: 90 - place)
            var writer = JSONWriter()
            writer.write(quoting: text)
            #expect(try JSONParser.parse(writer.bytes) == .string(text))
            #expect(
                try JSONParser.members(of: Array("{\"a\":".utf8) + writer.bytes + [0x7D])?.first?.value == .string(text)
            )
        }
    }

    @Test func membersKeepTheirOrderAndOccurOnce() throws {
        let keys = (0..<20).map { "k\($0)" }.reversed()
        let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try JSONParser.members(of: text.utf8)?.map(\.key) == Array(keys))
        let none = try JSONParser.members(of: "[1]".utf8)
        #expect(none.map(\.count) == nil)
        for twice in ["k19", "k11", "k0"] {
            #expect(throws: JSONFault.self) {
                try JSONParser.members(of: (text.dropLast() + ",\"\(twice)\":2}").utf8)
            }
        }
        #expect(throws: JSONFault.self) { try JSONParser.members(of: "{\"a\":1,\"a\":2}".utf8) }
        #expect(throws: JSONFault.self) { try JSONParser.members(of: "{} x".utf8) }
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "1 2", "[1,]", "[1", "[,1]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{\"a\":1 \"b\":2}",
        "01", "1.",
        ".5", "+1", "1e", "1e+", "--1", "0x1", "NaN", "Infinity", "1e999", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "\"\n\"", "{\"a\":1,\"a\":2}", "]", "'a'",
        "\u{FEFF}1",
        "[1]]", "{\"\\u0061\":1,\"a\":2}",
    ])
    func brokenTextIsRefusedWithItsPlace(text: String) {
        let fault = #expect(throws: JSONFault.self) { try JSONParser.parse(text.utf8) }
        #expect(fault?.code == .malformed)
        #expect((0...text.utf8.count).contains(fault?.offset ?? -1))
    }

    @Test(
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFE, 0xFF, 0, 0x31]]
            as [[UInt8]])
    func bytesThatAreNoUTF8AreRefused(bytes: [UInt8]) {
        #expect(throws: JSONFault.self) { try JSONParser.parse(bytes) }
    }

    @Test func depthAndSizeAreLimited() throws {
        let nested = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try JSONParser.parse(nested(32).utf8) }
        #expect(throws: JSONFault.self) { try JSONParser.parse(nested(33).utf8) }
        #expect(throws: JSONFault.self) { try JSONParser.parse(String(repeating: "{\"a\":", count: 1_000_000).utf8) }
        let fault = #expect(throws: JSONFault.self) { try JSONParser.parse("[1,2,3]".utf8, maximumBytes: 6) }
        #expect(fault?.code == .tooLarge)
    }

    @Test func everyDoubleIsReadAsItWasWritten() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let number = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
            guard number.isFinite, number != number.rounded() else { continue }
            #expect(try JSONParser.parse("\(number)".utf8) == .number(number))
        }
    }

    @Test(arguments: UInt64(0)..<10)
    func itAgreesWithFoundation(seed: UInt64) throws {
        var generator = RandomChain(seed: seed)
        let data = try generator.link().encoded()
        #expect(try JSONParser.parse(data) == JSONDecoder().decode(JSONValue.self, from: data))
    }
}

@Suite struct JSONValueDecoderTests {
    private struct Sample: Codable, Equatable {
        enum Kind: String, Codable { case one, two }
        struct Inner: Codable, Equatable { var flag: Bool? }

        var text: String
        var count: Int
        var small: UInt8
        var ratio: Double
        var level: Float
        var kind: Kind
        var inner: [Inner]
        var table: [String: [Int]]
        var missing: String?
        var any: JSONValue
        var id: InstanceID
    }

    private let sample = Sample(
        text: "x",
        count: -3,
        small: 255,
        ratio: 0.1,
        level: 2,
        kind: .two,
        inner: [.init(flag: true), .init(flag: nil)],
        table: ["a": [1, 2]],
        missing: nil,
        any: .object(["deep": .array([.null, .unsigned(.max)])]),
        id: InstanceID(rawValue: "gain#1")!
    )

    @Test func typesDecodeAsWithFoundation() throws {
        let data = try JSONEncoder().encode(sample)
        let value = try JSONParser.parse(data)
        #expect(try JSONValueDecoder.decode(Sample.self, from: value) == sample)
        #expect(try JSONDecoder().decode(Sample.self, from: data) == sample)
    }

    @Test(arguments: [
        ("count", JSONValue.number(1.5)), ("count", .string("1")), ("small", .integer(256)), ("kind", .string("three")),
        ("text", .null), ("inner", .object([:])), ("table", .array([])), ("level", .number(1e300)),
        ("id", .string("gain")),
        ("inner", .array([.integer(1)])),
    ])
    func wrongValuesAreErrorsWithTheirPath(key: String, wrong: JSONValue) throws {
        guard case .object(var members) = try JSONParser.parse(JSONEncoder().encode(sample)) else { return }
        members[key] = wrong
        let error = #expect(throws: DecodingError.self) {
            try JSONValueDecoder.decode(Sample.self, from: .object(members))
        }
        let path: [any CodingKey] =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound, nil: []
            @unknown default: []
            }
        #expect(path.first?.stringValue == key)
    }

    @Test func aMissingKeyIsNamed() {
        let error = #expect(throws: DecodingError.self) {
            try JSONValueDecoder.decode(Sample.self, from: .object(["text": .string("x")]))
        }
        guard case .keyNotFound(let key, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(key.stringValue == "count")
    }
}
