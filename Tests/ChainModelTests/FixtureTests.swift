import ChainModel
import Foundation
import Testing
import WireFormats

/// The golden chains that other languages read too.
@Suite struct FixtureTests {
    static let chains = ["smallest", "two_way", "positional", "nested_192k"]

    private let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "fixtures/links")

    private func data(_ name: String) throws -> Data {
        try Data(contentsOf: directory.appending(path: name))
    }

    private func flatten(_ name: String) throws -> FlattenedChain {
        try ChainFlattener().flatten(LinkConfig.decode(data("\(name).json")))
    }

    @Test(arguments: chains)
    func chainsFlattenAsWritten(name: String) throws {
        #expect(try flatten(name).json == JSONParser.parse(data("\(name).flat.json")))
    }

    @Test(arguments: chains)
    func chainsAreGivenBackAsRead(name: String) throws {
        let text = try data("\(name).json")
        #expect(try LinkConfig.decode(LinkConfig.decode(text).encoded()) == LinkConfig.decode(text))
        let before = try JSONParser.parse(text)
        let after = try JSONParser.parse(LinkConfig.decode(text).encoded())
        #expect(before == after)
    }

    @Test(arguments: chains, LinkFrame.Version.allCases)
    func linkFramesAreByteForByteThose(name: String, version: LinkFrame.Version) throws {
        let chain = try flatten(name)
        guard version == .v4 || chain.sampleRate < 65_535 else {
            #expect(throws: LinkFrameFault.self) { try LinkFrame.encode(chain, version: version) }
            return
        }
        let text = String(decoding: try data("\(name).v\(version.rawValue).hex"), as: UTF8.self)
        let bytes = try #require(Self.bytes(text))
        #expect(try LinkFrame.encode(chain, version: version) == bytes)
        #expect(try LinkFrame.decode(bytes, version: version) == LinkFrame(chain))
    }

    @Test func theBrokenChainHasTheseFaults() throws {
        let faults = ChainValidator().validate(try LinkConfig.decode(data("broken.json")))
        let found = faults.map { JSONValue.object(["code": .string($0.code), "path": .string($0.path)]) }
        guard case .array(let expected) = try JSONParser.parse(data("broken.faults.json")) else {
            Issue.record("broken.faults.json is no array")
            return
        }
        #expect(Set(found) == Set(expected))
        #expect(found.count == expected.count)
    }

    /// Nil for text that is not pairs of hexadecimal digits.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        guard digits.count % 2 == 0, digits.count == text.count(where: { !$0.isWhitespace }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
