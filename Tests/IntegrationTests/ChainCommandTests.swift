import ChainModel
import Foundation
import Testing

/// `soundpost chain check|flatten|frame`.
struct ChainCommandTests {
    private struct Check: Decodable {
        struct Fault: Decodable {
            let code: String
            let path: String
            let message: String
        }

        let valid: Bool
        let latencySamples: Int?
        let faults: [Fault]
        let warnings: [Fault]
    }

    private struct Listing: Decodable {
        struct Module: Decodable {
            let instanceId: String
            let moduleType: String
        }

        struct Wire: Decodable {
            struct End: Decodable, Equatable {
                let module: String
                let port: String
            }

            let from: End
            let to: End
            let channels: Int
        }

        let sampleRate: Int
        let modules: [Module]
        let connections: [Wire]
    }

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func check(_ path: String, _ options: [String] = []) async throws -> (status: Int32, report: Check) {
        let outcome = try await SoundpostExecutable.run(["chain", "check", path, "--json"] + options)
        return (outcome.status, try JSONDecoder().decode(Check.self, from: outcome.output))
    }

    @Test(arguments: ExampleChain.allCases)
    func exampleHasNoFaultsAndNoUnevenJoins(_ example: ExampleChain) async throws {
        let (status, report) = try await check(example.path, ["--params", example.parameters])
        #expect(status == 0)
        #expect(report.valid)
        #expect(report.faults.isEmpty)
        #expect(report.warnings.isEmpty)
        #expect(report.latencySamples == 72)

        let text = try await SoundpostExecutable.run("chain", "check", example.path)
        #expect(text.status == 0)
        #expect(text.lines.count == 1)
        #expect(text.text.contains(example.path))
    }

    @Test
    func everyFaultIsNamedWithItsPath() async throws {
        let chain = ChainText.file(
            nodes: [
                ChainText.node("gain#1", "channel_gain_v1"), ChainText.node("gain#1", "channel_gain_v1", order: 1),
                ChainText.node("eq", "common_eq_v1", order: 2), ChainText.node("x#1", "no_such_module_v1", order: 3),
            ],
            edges: [
                ChainText.edge(0, ("$io", "in"), ("gain#1", "in")),
                ChainText.edge(1, ("gain#1", "out"), ("nobody#1", "in")),
            ]
        )
        let path = try directory.write("faults.json", chain)
        let (status, report) = try await check(path)
        #expect(status == 1)
        #expect(!report.valid)
        let paths = report.faults.map(\.path)
        for place in ["chains.main.nodes[1]", "chains.main.nodes[2]", "chains.main.nodes[3]", "chains.main.edges[1]"] {
            #expect(paths.contains { $0.hasPrefix(place) }, "\(place) in \(paths)")
        }

        let text = try await SoundpostExecutable.run("chain", "check", path)
        #expect(text.status == 1)
        #expect(text.lines.count == report.faults.count)
        #expect(text.lines.allSatisfy { $0.hasPrefix(path) })
    }

    @Test(
        arguments: [
            "", "{", "[]", "null", "{\"version\": \"2.2\"}", "\u{0}\u{1}\u{2}",
            String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 1000),
        ]
    )
    func textThatIsNoChainIsAFaultOfTheFile(_ text: String) async throws {
        let path = try directory.write("broken.json", text)
        let outcome = try await SoundpostExecutable.run("chain", "check", path)
        #expect(outcome.status == 1)
        #expect((outcome.text + outcome.diagnostics).contains("broken.json"))
    }

    @Test(arguments: ["check", "flatten", "frame"])
    func unreadableFileIsNamed(_ command: String) async throws {
        for path in ["/nonexistent/chain.json", directory.url.path] {
            let outcome = try await SoundpostExecutable.run("chain", command, path)
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.diagnostics.contains(path))
        }
    }

    @Test
    func unevenLatencyOfOutputsIsAWarningWithADelayThatEvensIt() async throws {
        let chain = ChainText.file(
            nodes: [
                ChainText.node("gain#1", "channel_gain_v1"), ChainText.node("limiter#1", "limiter_v1", order: 1),
            ],
            edges: [
                ChainText.edge(0, ("$io", "in"), ("gain#1", "in")),
                ChainText.edge(1, ("$io", "in"), ("limiter#1", "in")),
                ChainText.edge(2, ("gain#1", "out"), ("$io", "dry")),
                ChainText.edge(3, ("limiter#1", "out"), ("$io", "limited")),
            ],
            externalPorts: [
                ChainText.port("in", "input", channels: 2), ChainText.port("dry", "output", channels: 2),
                ChainText.port("limited", "output", channels: 2),
            ]
        )
        let path = try directory.write("uneven.json", chain)
        let (status, report) = try await check(path)
        #expect(status == 0)
        #expect(report.latencySamples == 72)
        let warning = try #require(report.warnings.first)
        #expect(warning.message.contains("72 samples of delay between gain#1.out and $io.dry"))

        // Without look-ahead there is nothing to even out.
        let values = try directory.write("values.json", #"{"limiter#1": {"lookaheadMs": 0}}"#)
        #expect(try await check(path, ["--params", values]).report.warnings.isEmpty)
    }

    @Test
    func flattenShowsModulesOfSubGraphsInProcessingOrder() async throws {
        let path = ExampleChain.twoWayActive.path
        let outcome = try await SoundpostExecutable.run("chain", "flatten", path, "--json")
        #expect(outcome.status == 0)
        let listing = try JSONDecoder().decode(Listing.self, from: outcome.output)
        let ids = listing.modules.map(\.instanceId)
        #expect(
            Set(ids) == [
                "gain#1", "woofer#1.eq#1", "woofer#1.delay#1", "woofer#1.gain#1", "tweeter#1.eq#1", "tweeter#1.delay#1",
                "tweeter#1.gain#1", "limiter#1", "limiter#2",
            ]
        )
        for wire in listing.connections where wire.from.module != "$io" && wire.to.module != "$io" {
            let from = try #require(ids.firstIndex(of: wire.from.module))
            let to = try #require(ids.firstIndex(of: wire.to.module))
            #expect(from < to)
        }
        #expect(listing.connections.contains { $0.to == .init(module: "$io", port: "tweeters") && $0.channels == 2 })

        let text = try await SoundpostExecutable.run("chain", "flatten", path)
        #expect(text.status == 0)
        for id in ids { #expect(text.text.contains(id)) }
    }

    @Test
    func frameIsTheDeviceFrameOfTheFlattenedChain() async throws {
        let outcome = try await SoundpostExecutable.run("chain", "frame", ExampleChain.twoWayActive.path)
        #expect(outcome.status == 0)
        let bytes = try outcome.text.split(whereSeparator: \.isWhitespace).map { try #require(UInt8($0, radix: 16)) }

        let link = try LinkConfig.decode(Data(try ExampleChain.twoWayActive.text().utf8))
        let data = try LinkFrame.encode(ChainFlattener().flatten(link), version: .v3)
        #expect(Array(bytes.prefix(7)) == [0x55, 0xAA, 0x02, 0, 0, UInt8(data.count & 0xFF), UInt8(data.count >> 8)])
        #expect(Array(bytes.dropFirst(7).dropLast()) == data)
        #expect(bytes.last == Self.crc8(bytes[2..<bytes.count - 1]))
    }

    @Test
    func rateBeyondSixteenBitsTakesLinkFrameFour() async throws {
        let path = try directory.write(
            "fast.json", ChainText.series([("gain#1", "channel_gain_v1")], sampleRate: 96000)
        )
        let outcome = try await SoundpostExecutable.run("chain", "frame", path)
        #expect(outcome.text.hasPrefix("55 AA 09 00 00"))
        let refused = try await SoundpostExecutable.run("chain", "frame", path, "--link-version", "3")
        #expect(refused.status == 1)
        #expect(refused.diagnostics.contains("fast.json") && refused.diagnostics.contains("96000"))
    }

    /// CRC-8/SMBUS, bit by bit.
    private static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        bytes.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ byte) { value, _ in value & 0x80 != 0 ? value << 1 ^ 0x07 : value << 1 }
        }
    }
}
