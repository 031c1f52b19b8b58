import ChainModel
import Foundation
@testable import Node
import Testing

@Suite struct FuzzTests {
    private static let fixtures: [[UInt8]] = {
        let directory = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "fixtures/messages", directoryHint: .isDirectory)
        do {
            return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                // A test must not play on the machine's sound card.
                .filter { $0.lastPathComponent != "sim_start.cards.json" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
                .map { Array(try Data(contentsOf: $0)) }
        } catch {
            fatalError("The fixtures cannot be read: \(error)")
        }
    }()

    /// Pieces that have broken parsers before.
    private static let nasty: [[UInt8]] =
        [
            "null", "1e999", "-0", "1e-400", "\"\\ud800\"", "\\u0000", "{", "}", "[[[[", "]", "\"", "\\", ",", ":",
            "true", "{}",
            "99999999999999999999", "\u{FEFF}", "gain#1", "$io", "2.2",
        ].map { Array($0.utf8) } + [[0], [0xFF, 0xFE], [0xC3], [0xED, 0xA0, 0x80]]

    private func mutate(_ message: [UInt8], with random: inout SplitMix) -> [UInt8] {
        var message = message
        for _ in 0...Int.random(in: 0..<4, using: &random) where !message.isEmpty {
            let at = Int.random(in: 0..<message.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: message[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: message.remove(at: at)
            case 2: message.insert(contentsOf: Self.nasty.randomElement(using: &random) ?? [], at: at)
            case 3: message.removeSubrange(at...)
            case 4:
                let end = min(message.count, at + Int.random(in: 1..<20, using: &random))
                message.replaceSubrange(at..<end, with: Self.nasty.randomElement(using: &random) ?? [])
            default:
                let from = Int.random(in: 0..<message.count, using: &random)
                let end = min(message.count, from + Int.random(in: 1..<40, using: &random))
                message.insert(contentsOf: Array(message[from..<end]), at: at)
            }
        }
        return message
    }

    @Test func whateverComesTheNodeAnswersAndLives() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            var random = SplitMix(seed: 0x5051)
            for round in 0..<4000 {
                let seed = Self.fixtures[round % Self.fixtures.count]
                let message = mutate(seed, with: &random)
                client.clear()
                await bed.send(message, from: client)
                // Answers of extensions come when they are there.
                while await bed.node.asideCount(of: client.id) > 0 { await Task.yield() }
                #expect(!client.messages.isEmpty, "no answer to \(String(decoding: message, as: UTF8.self))")
            }
            try await #expect(bed.ask(client, #"{"type":"ping"}"#).type == "pong")
            let stored = try Data(contentsOf: bed.file("current_link.json"))
            #expect(throws: Never.self) { try LinkConfig.decode(stored) }
        }
    }
}
