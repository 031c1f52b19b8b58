import Testing
import WireFormats

@testable import SoundpostChannels

@Suite struct MessageTests {
    private static func read(_ text: String) throws -> Message {
        try Array(text.utf8).withUnsafeBytes { try Message(encoded: $0) }
    }

    private static func text(_ message: Message) throws -> String {
        String(decoding: try message.encoded(), as: UTF8.self)
    }

    @Test(arguments: [
        (Message(.data), #"{"type":"data","data":null}"#),
        (
            Message(.request, id: "7", method: "a.b", data: ["x": 1.5, "a": [true, .null]]),
            #"{"type":"request","id":"7","method":"a.b","data":{"a":[true,null],"x":1.5}}"#
        ),
        (Message(.event, event: "né\"w", data: "l\n"), #"{"type":"event","event":"né\"w","data":"l\n"}"#),
        (
            Message(.response, id: "7", error: .init(code: -32601, message: "no", data: 3)),
            #"{"type":"response","id":"7","error":{"code":-32601,"message":"no","data":3},"data":null}"#
        ),
        (Message(.ready, data: ["handlers": ["x"]]), #"{"type":"ready","data":{"handlers":["x"]}}"#),
    ])
    func isOneLineOfJSON(_ message: Message, _ text: String) throws {
        #expect(try Self.text(message) == text)
        #expect(try Self.read(text) == message)
    }

    @Test func unknownMembersAreIgnoredAndMissingDataIsNull() throws {
        #expect(try Self.read(#"{"later":[1],"type":"pong","id":"1"}"#) == Message(.pong, id: "1"))
    }

    @Test(arguments: [
        "", "{", "[]", "1", #"{"data":1}"#, #"{"type":"other"}"#, #"{"type":1}"#, #"{"type":"data","id":1}"#,
        #"{"type":"request","method":[]}"#, #"{"type":"event","event":{}}"#, #"{"type":"response","error":1}"#,
        #"{"type":"response","error":{"code":"1","message":"m"}}"#, #"{"type":"response","error":{"code":1}}"#,
        #"{"type":"data","type":"data"}"#, #"{"type":"data","data":{"a":1,"a":2}}"#, #"{"type":"data"} x"#,
        #"{"type":"data","data":"\ud800"}"#, "{\"type\":\"data\",\"data\":\"\u{1}\"}",
    ])
    func whatIsNoMessageIsRefused(_ text: String) {
        #expect(throws: Message.Fault.self) { try Self.read(text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let bytes = Array(#"{"type":"data","data":""#.utf8) + [0xFF] + Array(#""}"#.utf8)
        #expect(throws: Message.Fault.self) { try bytes.withUnsafeBytes { try Message(encoded: $0) } }
    }

    @Test func nestingIsLimitedInBothDirections() throws {
        func nested(_ depth: Int) -> JSONValue { depth == 0 ? 1 : [nested(depth - 1)] }
        // The message is the first level.
        let deepest = Message(.data, data: nested(31))
        #expect(try Self.read(try Self.text(deepest)) == deepest)
        #expect(throws: Message.Fault.self) { try Message(.data, data: nested(32)).encoded() }
        let tooDeep =
            #"{"type":"data","data":"# + String(repeating: "[", count: 32) + String(repeating: "]", count: 32) + "}"
        #expect(throws: Message.Fault.self) { try Self.read(tooDeep) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func numbersThatJSONHasNotAreRefused(_ number: Double) {
        #expect(throws: Message.Fault.self) { try Message(.data, data: .number(number)).encoded() }
    }

    @Test func theLongestMessageIsSixteenMebibytes() throws {
        let overhead = try Message(.data, data: "").encoded().count
        let longest = Message(.data, data: .string(String(repeating: "x", count: Message.maximumBytes - overhead)))
        #expect(try longest.encoded().count == Message.maximumBytes)
        let longer = Message(.data, data: .string(String(repeating: "x", count: Message.maximumBytes - overhead + 1)))
        #expect(throws: Message.Fault.self) { try longer.encoded() }
    }
}
