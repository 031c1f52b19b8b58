import AudioEngine
import Foundation
import NIOCore
import Testing

@testable import ControlServer

struct SoundMessagesTests {
    private struct Fixture: Decodable {
        var frame: UInt32
        var rate: Int
        var channels: Int
        var samples: [Float]
    }

    private static let fixtures = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "fixtures/listening", directoryHint: .isDirectory)

    private func chunk(frames: Int, channels: Int = 2, rate: Int = 48_000) -> AudioChunk {
        AudioChunk(
            sampleRate: rate, channels: channels, samples: [Float](repeating: 0.5, count: frames * channels),
            position: 0)
    }

    @Test func areLaidOutAsTheFixtureSays() throws {
        let fixture = try JSONDecoder().decode(
            Fixture.self, from: Data(contentsOf: Self.fixtures.appending(path: "sound.json")))
        let hex = try String(contentsOf: Self.fixtures.appending(path: "sound.hex"), encoding: .utf8)
        var messages = SoundMessages()
        for _ in 0..<fixture.frame {
            _ = messages.next(chunk(frames: 1))
        }
        let sound = AudioChunk(
            sampleRate: fixture.rate, channels: fixture.channels, samples: fixture.samples, position: 7)
        let message = try #require(messages.next(sound).first)
        let digits = message.readableBytesView.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(digits.joined() == hex.filter { !$0.isWhitespace })
    }

    @Test func aLongPieceIsSeveralMessages() throws {
        var messages = SoundMessages()
        let parts = messages.next(chunk(frames: 65_535 + 10))
        #expect(parts.map(\.readableBytes) == [12 + 8 * 65_535, 12 + 8 * 10])
        #expect(parts.map { $0.getInteger(at: 0, endianness: .little, as: UInt32.self) } == [0, 1])
        #expect(parts.map { $0.getInteger(at: 10, endianness: .little, as: UInt16.self) } == [65_535, 10])
    }

    @Test func whatNoMessageCanSayIsNone() {
        var messages = SoundMessages()
        for chunk in [
            chunk(frames: 0), chunk(frames: 0, channels: 0), chunk(frames: 1, channels: 65_536),
            chunk(frames: 1, rate: -1),
        ] {
            #expect(messages.next(chunk).isEmpty)
        }
        #expect(messages.next(chunk(frames: 1)).first?.getInteger(at: 0, as: UInt32.self) == 0)
    }
}
