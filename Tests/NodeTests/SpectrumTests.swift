import ChainModel
import Foundation
import Synchronization
import Testing

@testable import AudioEngine
@testable import Node
import WireFormats

@Suite struct SpectrumTests {
    /// Lets the timer of an interval fire until a spectrum has come.
    private func next(_ interval: Duration, in bed: TestBed, to client: RecordingClient) async -> RecordingClient
        .Message?
    {
        let count = client.messages(ofType: "spectrum").count
        for _ in 0..<20_000 where client.messages(ofType: "spectrum").count == count {
            await bed.clock.sleepers(for: interval)
            bed.clock.advance(by: interval)
            await bed.clock.sleepers(for: interval)
            await Task.yield()
        }
        return client.messages(ofType: "spectrum").last
    }

    private func points(_ message: RecordingClient.Message?) -> [[String: JSONValue]] {
        guard case .array(let points) = message?.json["points"] else { return [] }
        return points.compactMap { if case .object(let point) = $0 { point } else { nil } }
    }

    private func levels(_ point: [String: JSONValue]) -> Int {
        if case .array(let levels) = point["db"] { levels.count } else { -1 }
    }

    @Test func spectraComeInTheOrderAskedFor() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let ack = try await bed.ask(
                client,
                #"{"type":"spectrum_subscribe","intervalMs":40,"size":1024,"points":["#
                    + #"{"instanceId":"$io","port":"output"},{"instanceId":"eq#1","port":"input","channel":1},"#
                    + #"{"instanceId":"eq#9","port":"input"},{"instanceId":"eq#1","port":"input","channel":7}]}"#)
            #expect(ack["of"] == "spectrum_subscribe")
            let spectrum = try #require(await next(.milliseconds(40), in: bed, to: client))
            #expect(spectrum.priority == .meter)
            #expect(spectrum["minHz"] == 20 && spectrum["maxHz"] == 20_000)
            let points = points(spectrum)
            #expect(points.map { $0["instanceId"] } == ["$io", "eq#1", "eq#9", "eq#1"].map { .string($0) })
            #expect(points.map(levels) == [240, 240, 0, 0])
            #expect(points[1]["channel"] == .integer(1) && points[0]["channel"] == nil)
            try await bed.ask(client, #"{"type":"spectrum_unsubscribe"}"#)
        }
    }

    @Test(arguments: [
        #"{"type":"spectrum_unsubscribe"}"#, #"{"type":"spectrum_subscribe","points":[]}"#,
    ])
    func whoHasHadEnoughIsLeftAlone(_ request: String) async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let points = #""points":[{"instanceId":"$io","port":"output"}]"#
            let subscribe = { (interval: Int) in #"{"type":"spectrum_subscribe","intervalMs":\#(interval),\#(points)}"#
            }
            try await bed.ask(alice, subscribe(40))
            _ = try #require(await next(.milliseconds(40), in: bed, to: alice))
            try await bed.ask(alice, request)
            try await bed.ask(bob, subscribe(50))
            let count = alice.messages(ofType: "spectrum").count
            for _ in 0..<3 { _ = await next(.milliseconds(50), in: bed, to: bob) }
            #expect(alice.messages(ofType: "spectrum").count == count)
            #expect(bed.node.engine.shared.state.withLock { $0.watched.count } == 1)
            await bed.node.disconnect(bob.id)
            #expect(bed.node.engine.shared.state.withLock { $0.watched.isEmpty })
        }
    }

    @Test func allClientsTogetherWatchSoManyWires() async throws {
        try await TestBed.run { bed in
            let points = { (client: Int) in
                (0..<16).map { #"{"instanceId":"gain#\#(16 * client + $0)","port":"input"}"# }.joined(separator: ",")
            }
            for number in 0..<5 {
                let request = #"{"type":"spectrum_subscribe","points":[\#(points(number))]}"#
                let answer = try await bed.ask(await bed.client("client-\(number)"), request)
                #expect(answer.type == (number < 4 ? "ack" : "error"))
                #expect(number < 4 || answer["code"] == "busy")
            }
            let same = await bed.client("same")
            let ack = try await bed.ask(same, #"{"type":"spectrum_subscribe","points":[\#(points(0))]}"#)
            #expect(ack.type == "ack")
        }
    }

    @Test(arguments: [
        (#""points":[{"instanceId":"eq","port":"input"}]"#, "points[0].instanceId"),
        (#""points":[{"instanceId":"eq#1","port":"input","channel":-1}]"#, "points[0].channel"),
        (#""points":[],"size":1000"#, "size"), (#""points":[],"size":65536"#, "size"),
        (#""points":[{"instanceId":"eq#1","port":"side"}]"#, "points[0].port"),
    ])
    func whatCannotBeIsRefused(_ members: String, _ field: String) async throws {
        try await TestBed.run { bed in
            let refusal = try await bed.ask(
                await bed.client(), #"{"type":"spectrum_subscribe",\#(members)}"#)
            #expect(refusal.type == "error")
            #expect(refusal["field"] == field)
        }
    }

    @Test func tooManyPointsAreRefused() async throws {
        let points = [String](repeating: #"{"instanceId":"eq#1","port":"input"}"#, count: 17).joined(separator: ",")
        try await TestBed.run { bed in
            let refusal = try await bed.ask(
                await bed.client(), #"{"type":"spectrum_subscribe","points":[\#(points)]}"#)
            #expect(refusal.type == "error" && refusal["field"] == "points")
        }
    }
}
