import ChainModel
import Testing

@Suite struct LinkFrameTests {
    private let flattener = ChainFlattener(library: .test)

    @Test func theBytesOfASmallChainAreThoseOfTheLayout() throws {
        let link = ChainBuilder.link(
            ChainBuilder.chain(nodes: [ChainBuilder.gain(1)], edges: ["$io.in>gain#1.in", "gain#1.out>$io.out"])
        )
        let chain = try flattener.flatten(link)
        let id = Array("gain#1".utf8)
        let head: [UInt8] = [1, 0, 0x01, 0x30, 0x67, 0x16, 6] + id + [2]
        #expect(
            try LinkFrame.encode(chain, version: .v3) == head
                + [2] + Array("in".utf8) + [0, 2, 0, 0x80, 0xBB]
                + [3] + Array("out".utf8) + [1, 2, 0, 0x80, 0xBB]
                + [2, 0, 0xFF, 0, 0, 0, 2, 0, 0x80, 0xBB, 0, 1, 0xFF, 0, 2, 0, 0x80, 0xBB]
        )
        #expect(
            try LinkFrame.encode(chain, version: .v4) == head
                + [2] + Array("in".utf8) + [0, 2, 0, 0x80, 0xBB, 0, 0]
                + [3] + Array("out".utf8) + [1, 2, 0, 0x80, 0xBB, 0, 0]
                + [2, 0, 0xFF, 0, 0, 0, 2, 0, 0x80, 0xBB, 0, 0, 0, 1, 0xFF, 0, 2, 0, 0x80, 0xBB, 0, 0]
        )
    }

    @Test(arguments: UInt64(0)..<30, LinkFrame.Version.allCases)
    func whatIsWrittenReadsBackEqual(seed: UInt64, version: LinkFrame.Version) throws {
        var generator = RandomChain(seed: seed, library: .test)
        let frame = try LinkFrame(flattener.flatten(generator.link()))
        let bytes = try frame.encoded(version: version)
        let decoded = try LinkFrame.decode(bytes, version: version)
        #expect(decoded == frame)
        #expect(try decoded.encoded(version: version) == bytes)
    }

    @Test func inheritedFieldsHaveAllBitsSet() throws {
        let port = LinkFrame.Port(id: "in", direction: .input, channels: -1, sampleRate: nil)
        let frame = LinkFrame(modules: [.init(typeId: 1, id: "a#1", ports: [port])], connections: [])
        #expect(try frame.encoded(version: .v3).suffix(6) == [0xFF, 0xFF, 0xFF, 0xFF, 0, 0])
        #expect(try frame.encoded(version: .v4).suffix(8) == [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0])
    }

    @Test(arguments: [65_534, 65_535, 192_000])
    func ratesAboveSixteenBitsNeedVersionFour(rate: Int) throws {
        var link = ChainValidatorTests.valid
        link.global.sampleRate = rate
        let chain = try flattener.flatten(link)
        #expect(try LinkFrame.decode(LinkFrame.encode(chain, version: .v4), version: .v4) == LinkFrame(chain))
        if rate > 65_534 {
            let fault = #expect(throws: LinkFrameFault.self) { try LinkFrame.encode(chain, version: .v3) }
            #expect(fault?.code == .doesNotFit)
        } else {
            #expect(try LinkFrame.decode(LinkFrame.encode(chain, version: .v3), version: .v3) == LinkFrame(chain))
        }
    }

    @Test(arguments: LinkFrame.Version.allCases)
    func everyTruncationIsRefused(version: LinkFrame.Version) throws {
        let bytes = try LinkFrame.encode(flattener.flatten(ChainValidatorTests.valid), version: version)
        for length in bytes.indices {
            let fault = #expect(throws: LinkFrameFault.self) {
                try LinkFrame.decode(Array(bytes[..<length]), version: version)
            }
            #expect(fault?.code == .truncated)
        }
        let fault = #expect(throws: LinkFrameFault.self) { try LinkFrame.decode(bytes + [0], version: version) }
        #expect(fault?.code == .trailingBytes)
    }

    @Test(arguments: LinkFrame.Version.allCases)
    func randomBytesNeverTrap(version: LinkFrame.Version) throws {
        var random = SeededGenerator(seed: 0xF00D)
        let valid = try LinkFrame.encode(flattener.flatten(ChainValidatorTests.valid), version: version)
        var accepted = 0
        for _ in 0..<3000 {
            var bytes = valid
            if random.chance(0.3) {
                bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            }
            do {
                let frame = try LinkFrame.decode(bytes, version: version)
                #expect(try frame.encoded(version: version) == bytes)
                accepted += 1
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(accepted > 0)
    }

    @Test func connectionsToWhatIsNotThereAreRefused() throws {
        let port = LinkFrame.Port(id: "in", direction: .input, channels: 1, sampleRate: nil)
        let module = LinkFrame.Module(typeId: 1, id: "a#1", ports: [port])
        for row in [(UInt8(0), UInt8(0), UInt8(0xFF), UInt8(0)), (0xFF, 0, 1, 0), (0xFF, 0, 0, 1)] {
            let connection = LinkFrame.Connection(
                fromModule: row.0,
                fromPort: row.1,
                toModule: row.2,
                toPort: row.3,
                channels: 1,
                sampleRate: nil
            )
            let bytes = try LinkFrame(modules: [module], connections: [connection]).encoded(version: .v4)
            let fault = #expect(throws: LinkFrameFault.self) { try LinkFrame.decode(bytes, version: .v4) }
            #expect(fault?.code == .badValue)
        }
    }
}
