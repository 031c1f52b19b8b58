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

    @Test(arguments: ["generator", "file:x.wav", "card", "card:A", "silence"])
    func aSourceReadsItsOwnDescription(argument: String) throws {
        #expect(try "\(SourceDescription(argument: argument))" == argument)
    }
}
