import ChainModel
import Node
import Testing
import WireFormats

@Suite struct DebugTests {
    /// Lets the timer of an interval fire once and waits until its next round has begun.
    private func pass(_ interval: Duration, in bed: TestBed) async {
        await bed.clock.sleepers(for: interval)
        bed.clock.advance(by: interval)
        await bed.clock.sleepers(for: interval)
    }

    @Test func metricsComeAtTheIntervalAndMayBeDropped() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let ack = try await bed.ask(alice, #"{"type":"debug_subscribe","intervalMs":300}"#)
            #expect(ack.type == "ack")
            #expect(ack["of"] == "debug_subscribe")
            #expect(ack["success"] == true)
            await pass(.milliseconds(300), in: bed)
            await pass(.milliseconds(300), in: bed)
            let metrics = alice.messages(ofType: "debug_metrics")
            #expect(metrics.count == 2)
            #expect(metrics.allSatisfy { $0.priority == .meter })
            #expect(bob.messages(ofType: "debug_metrics").isEmpty)
            guard case .object(let modules) = metrics.first?.json["modules"] else {
                Issue.record("no modules")
                return
            }
            #expect(Set(modules.keys) == ["gain#1", "eq#1", "delay#1", "limiter#1"])
        }
    }

    @Test func modulesMayBeChosen() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            try await bed.ask(
                client, #"{"type":"debug_subscribe","intervalMs":300,"modules":["eq#1","gain#9"]}"#)
            var modules: [String: JSONValue] = [:]
            var levels: [JSONValue] = []
            // The simulation runs by the clock on the wall: it may not have measured anything in the first interval.
            for _ in 0..<10_000 where levels.isEmpty {
                client.clear()
                await pass(.milliseconds(300), in: bed)
                guard case .object(let told) = client.messages(ofType: "debug_metrics").last?.json["modules"],
                    case .object(let chosen) = told["eq#1"], case .array(let measured) = chosen["outputPeakDb"]
                else {
                    Issue.record("no levels of eq#1")
                    return
                }
                modules = told
                levels = measured
            }
            #expect(levels.count == 2)
            for (id, module) in modules where id != "eq#1" {
                guard case .object(let other) = module else { continue }
                #expect(other["outputPeakDb"] == nil || other["outputPeakDb"] == .array([]), "\(id) was not asked for")
            }
            let refusal = try await bed.ask(client, #"{"type":"debug_subscribe","modules":["eq"]}"#)
            #expect(refusal.type == "error" && refusal["field"] == "modules")
        }
    }

    @Test(arguments: [(1, 50), (-5, 50), (50, 50), (400, 400), (10_000, 10_000), (9_000_000, 10_000)])
    func theIntervalIsKeptWithinItsLimits(asked: Int, kept: Int) async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":\#(asked)}"#)
            await pass(.milliseconds(kept), in: bed)
            #expect(client.messages(ofType: "debug_metrics").count == 1)
        }
    }

    @Test func withoutAnIntervalItIsHalfASecond() async throws {
        try await TestBed.run { bed in
            try await bed.ask(await bed.client(), #"{"type":"debug_subscribe"}"#)
            await bed.clock.sleepers(for: .milliseconds(500))
        }
    }

    @Test func askingAgainReplacesTheInterval() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let client = await bed.client()
            try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":100}"#)
            await bed.clock.sleepers(for: .milliseconds(100))
            try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":350}"#)
            await pass(.milliseconds(350), in: bed)
            #expect(client.messages(ofType: "debug_metrics").count == 1)
        }
    }

    @Test func unsubscribingAndLeavingEndIt() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let carol = await bed.client("carol")
            for client in [alice, bob, carol] {
                try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":200}"#)
            }
            await bed.clock.sleepers(for: .milliseconds(200))
            try await #expect(bed.ask(alice, #"{"type":"debug_unsubscribe"}"#)["of"] == "debug_unsubscribe")
            await bed.node.disconnect(bob.id)
            await pass(.milliseconds(200), in: bed)
            #expect(alice.messages(ofType: "debug_metrics").isEmpty)
            #expect(bob.messages(ofType: "debug_metrics").isEmpty)
            #expect(carol.messages(ofType: "debug_metrics").count == 1)
        }
    }

    @Test func nothingIsSentWhileTheSimulationStands() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":200}"#)
            await pass(.milliseconds(200), in: bed)
            #expect(client.messages(ofType: "debug_metrics").isEmpty)
        }
    }

    @Test func clientsWithOneIntervalGetOneTextAndOthersTheirOwn() async throws {
        try await TestBed.run(startSimulation: true) { bed in
            let alice = await bed.client("alice")
            let bob = await bed.client("bob")
            let carol = await bed.client("carol")
            for (client, interval) in [(alice, 200), (bob, 200), (carol, 700)] {
                try await bed.ask(client, #"{"type":"debug_subscribe","intervalMs":\#(interval)}"#)
            }
            await bed.clock.sleepers(for: .milliseconds(700))
            await pass(.milliseconds(200), in: bed)
            await pass(.milliseconds(200), in: bed)
            let metrics = alice.messages(ofType: "debug_metrics").map(\.json)
            #expect(metrics.count == 2)
            #expect(bob.messages(ofType: "debug_metrics").map(\.json) == metrics)
            #expect(carol.messages(ofType: "debug_metrics").isEmpty)
        }
    }
}
