import AudioEngine
import Testing

@Suite struct EdgeDescriptionTests {
    @Test func sourcesAreReadAsTheCommandLineWritesThem() throws {
        #expect(try SourceDescription(argument: "generator") == .generator)
        #expect(try SourceDescription(argument: "silence") == .silence)
        #expect(try SourceDescription(argument: "file:/a/b:c.wav") == .file(path: "/a/b:c.wav", loops: true))
        #expect(try SourceDescription(argument: "card") == .card(name: nil))
        #expect(try SourceDescription(argument: "card:USB: Audio") == .card(name: "USB: Audio"))
    }

    @Test func sinksAreReadAsTheCommandLineWritesThem() throws {
        #expect(try SinkDescription(argument: "none") == SinkDescription.none)
        #expect(try SinkDescription(argument: "file:out.wav") == .file(path: "out.wav"))
        #expect(try SinkDescription(argument: "card:pulse") == .card(name: "pulse"))
    }

    @Test(arguments: ["", "file", "file:", "generator:x", "radio", "Card"])
    func otherSourcesAreRefusedWithTheFormsThereAre(argument: String) throws {
        let error = #expect(throws: EngineError.self) { try SourceDescription(argument: argument) }
        #expect(error?.code == .badArgument)
        #expect(error?.message.contains("card:NAME") == true)
    }

    @Test(arguments: ["generator", "file:", "none:1", "speaker"])
    func otherSinksAreRefused(argument: String) {
        #expect(throws: EngineError.self) { try SinkDescription(argument: argument) }
    }

    @Test func aCardsChannelsStandBehindAnAt() throws {
        let inputs = try CardChannels([3, 3], of: .input)
        #expect(
            try SourceDescription(argument: "card@3,3:USB: Audio@2") == .card(name: "USB: Audio@2", channels: inputs))
        let outputs = try CardChannels([1, 0, 5, 6, 7], of: .output)
        #expect(try SinkDescription(argument: "card@1,0,5-7") == .card(name: nil, channels: outputs))
        #expect("\(SinkDescription.card(name: "A", channels: outputs))" == "card@1,0,5,6,7:A")
    }

    @Test(
        arguments: [
            ("card@", "''"), ("card@x", "'x'"), ("card@1,,2", "''"), ("card@4-3", "'4-3'"), ("card@1-2-3", "'1-2-3'"),
            ("card@-1", "'-1'"), ("card@+1", "'+1'"), ("card@257", "'257'"), ("card@0", "at least one"),
            ("card@2,1,2", "channel 2"),
            ("card@1-9223372036854775807", "'1-9223372036854775807'"), ("card@ 1", "' 1'"),
            ("card@" + Array(repeating: "0", count: 256).joined(separator: ",") + ",1", "at most 256"),
        ]
    )
    func channelsThatNoCardHasAreRefused(argument: String, words: String) {
        let error = #expect(throws: EngineError.self) { try SinkDescription(argument: argument) }
        #expect(error?.code == .badArgument)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["file@1:x.wav", "generator@1", "silence@1"])
    func onlyACardHasChannels(argument: String) {
        #expect(throws: EngineError.self) { try SourceDescription(argument: argument) }
    }

    @Test(arguments: ["generator", "file:x.wav", "card", "card:A", "card@3,4", "card@0,2:A", "silence"])
    func aSourceReadsItsOwnDescription(argument: String) throws {
        #expect(try "\(SourceDescription(argument: argument))" == argument)
    }
}
