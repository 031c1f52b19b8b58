import ChainModel
import Foundation
import Testing
import WireFormats

@Suite struct LinkConfigTests {
    /// The smallest legal chain of the module reference, with unknown keys at every level.
    static let text = """
        {"version":"2.2","rootChainId":"main","editor":{"zoom":1.25,"big":9007199254740993,"huge":18446744073709551615,
          "tiny":-9223372036854775808,"exact":0.1,"list":[1,null,true,"x",{"y":[]}]},
         "global":{"channels":2,"sampleRate":48000,"frameSize":240,"theme":"dark"},
         "chains":{"main":{"id":"main","name":"Main","colour":"#fff",
          "externalPorts":[{"id":"in","direction":"input","channels":2,"sampleRate":48000,"label":"In",
                            "required":true,"p":1},
                           {"id":"out","direction":"output","channels":2,"sampleRate":48000,"label":"Out",
                            "required":true}],
          "nodes":[{"instanceId":"gain#1","moduleType":"channel_gain_v1","order":0,"enabled":true,"note":null,
                    "position":{"x":0.5,"y":-3,"z":7},
                    "ports":[{"id":"in","direction":"input","channels":-1,"sampleRate":-1,"label":null,"required":true},
                             {"id":"out","direction":"output","channels":-1,"sampleRate":-1,"label":"Out",
                              "required":true}]}],
          "edges":[{"id":"e1","fromModule":"$io","fromPort":"in","toModule":"gain#1","toPort":"in","channels":2,
                    "sampleRate":48000,"bend":[1,2]},
                   {"id":"e2","fromModule":"gain#1","fromPort":"out","toModule":"$io","toPort":"out"}]}}}
        """

    @Test func readingAndWritingKeepsEveryKeyAndValue() throws {
        let config = try LinkConfig.decode(Data(Self.text.utf8))
        let before = try JSONDecoder().decode(JSONValue.self, from: Data(Self.text.utf8))
        let after = try JSONDecoder().decode(JSONValue.self, from: config.encoded())
        #expect(normalised(before) == normalised(after))
        #expect(config.unknown["editor"]?.member("big") == .integer(9_007_199_254_740_993))
        #expect(config.unknown["editor"]?.member("huge") == .unsigned(.max))
        #expect(config.chains["main"]?.nodes[0].position?.unknown["z"] == .integer(7))
        #expect(config.chains["main"]?.edges[0].unknown["bend"] == .array([.integer(1), .integer(2)]))
        #expect(config.chains["main"]?.edges[1].channels == nil)
        #expect(ChainValidator().validate(config).isEmpty)
    }

    @Test func writingTwiceGivesEqualBytes() throws {
        let config = try LinkConfig.decode(Data(Self.text.utf8))
        let bytes = try config.encoded()
        #expect(try LinkConfig.decode(bytes) == config)
        #expect(try LinkConfig.decode(bytes).encoded() == bytes)
    }

    @Test(arguments: UInt64(0)..<50)
    func randomChainsSurviveReadingAndWriting(seed: UInt64) throws {
        var generator = RandomChain(seed: seed)
        let link = generator.link()
        #expect(try LinkConfig.decode(link.encoded()) == link)
    }

    @Test func allFaultsOfShapeAreNamedAtOnce() throws {
        let text = """
            {"version":2.2,"global":{"channels":"two","sampleRate":48000.5,"frameSize":240},
             "chains":{"main":{"id":"main","nodes":[{"instanceId":"gain#1","moduleType":7,"ports":[5]},3],"edges":{}}}}
            """
        let faults = #expect(throws: ChainFaults.self) { try LinkConfig.decode(Data(text.utf8)) }
        #expect(
            Set(faults?.faults.map { "\($0.path) \($0.code)" } ?? []) == [
                "version wrong_type", "rootChainId missing_key", "global.channels wrong_type",
                "global.sampleRate wrong_type",
                "chains.main.nodes[0].moduleType wrong_type", "chains.main.nodes[0].ports[0] wrong_type",
                "chains.main.nodes[1] wrong_type", "chains.main.edges wrong_type",
            ]
        )
    }

    @Test(arguments: [33, 1000, 200_000])
    func deepDocumentsAreRefusedBeforeDecoding(depth: Int) {
        let text = #"{"version":"2.2","x":"# + String(repeating: "[", count: depth - 1)
        let faults = #expect(throws: ChainFaults.self) { try LinkConfig.decode(Data(text.utf8)) }
        #expect(faults?.faults.first?.message.contains("32 levels") == true)
    }

    @Test func bracketsInsideStringsDoNotCountAsDepth() throws {
        let text = Self.text.replacing("\"dark\"", with: "\"" + String(repeating: "[{\\\"", count: 100) + "\"")
        #expect(try LinkConfig.decode(Data(text.utf8)).global.unknown["theme"] != nil)
    }

    @Test func aDocumentAboveTheLimitIsRefused() {
        let faults = #expect(throws: ChainFaults.self) {
            try LinkConfig.decode(Data(Self.text.utf8), maximumBytes: 100)
        }
        #expect(faults?.faults.first?.message.contains("at most 100") == true)
    }

    @Test(arguments: ["", "nul", "{", "{\"a\":1}}", "{\"version\":\"\u{1}\"}", "[1e999]", "{\"version\":\"\\ud800\"}"])
    func brokenTextIsAFault(text: String) {
        #expect(throws: ChainFaults.self) { try LinkConfig.decode(Data(text.utf8)) }
    }

    @Test func utf16IsRefused() throws {
        let data = try #require(Self.text.data(using: .utf16))
        #expect(throws: ChainFaults.self) { try LinkConfig.decode(data) }
    }

    /// Integers and doubles of equal value compare equal.
    private func normalised(_ value: JSONValue) -> JSONValue {
        switch value {
        case .integer(let number): .number(Double(number))
        case .unsigned(let number): .number(Double(number))
        case .array(let elements): .array(elements.map(normalised))
        case .object(let members): .object(members.mapValues(normalised))
        case .null, .bool, .number, .string: value
        }
    }
}

extension JSONValue {
    fileprivate func member(_ key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }
}
