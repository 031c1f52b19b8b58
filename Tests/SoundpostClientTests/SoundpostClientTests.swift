import ChainModel
import ControlProtocol
import ControlServer
import Testing

@testable import SoundpostClient

/// The client in front of a real node.
@Suite struct SoundpostClientTests {
    @Test func setsAndReads() async throws {
        try await TestNode.run { node in
            let client = try await SoundpostClient.connect(patiently: node.address, name: "desk")
            #expect(try await client.set("gain#1", "gainDb[0]", to: -6) == "gainDb#0")
            #expect(try await client.get("gain#1", "gainDb#0") == "-6")
            try await client.apply(["gainDb#0": -3.5, "gainDb#1": "-4"], to: "gain#1")
            #expect(try await client.get("gain#1", "gainDb#1") == "-4")
            #expect(try await client.status().sampleRate == 48000)
            #expect(try await client.chain().rootChainId == "main")
            await client.close()
        }
    }

    @Test func refusingAcknowledgementIsThrownWithCodeAndField() async throws {
        try await TestNode.run { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let refusal = await #expect(throws: ControlError.self) {
                try await client.set("gain#1", "gainDb#0", to: 4000)
            }
            #expect(refusal?.field == "value")
            #expect(refusal?.message.isEmpty == false)
            #expect(try await client.get("gain#1", "gainDb#0") == "0")
            await client.close()
        }
    }

    @Test func errorMessageIsThrownLikeARefusal() async throws {
        try await TestNode.run { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let refusal = await #expect(throws: ControlError.self) {
                try await client.ask(GetModuleParameters(instanceId: "nobody#1"))
            }
            #expect(refusal?.field == "instanceId")
            await client.close()
        }
    }

    @Test func hundredAsksAtOnceGetTheirOwnAnswers() async throws {
        try await TestNode.run { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let (band, key) = (number % 10, number.isMultiple(of: 2) ? "gainDb" : "q")
                        let answer = try await client.ask(
                            GetParameter(instanceId: "eq#1", paramId: "\(key)#0#\(band)")
                        )
                        #expect(answer.paramId == "\(key)#0#\(band)")
                    }
                }
                try await group.waitForAll()
            }
            await client.close()
        }
    }

    @Test func eventsOfOtherClientsComeInOrder() async throws {
        try await TestNode.run { node in
            let reader = try await SoundpostClient.connect(patiently: node.address)
            let writer = try await SoundpostClient.connect(patiently: node.address)
            let events = reader.events
            for number in 0..<200 {
                try await writer.set("gain#1", "gainDb#0", to: .number(-Double(number) / 10))
            }
            var values: [String] = []
            for await event in events {
                guard case .message(let update as ParameterUpdate) = event else { continue }
                values.append(update.value)
                if values.count == 200 { break }
            }
            #expect(values.compactMap(Double.init) == (0..<200).map { $0 == 0 ? 0 : -Double($0) / 10 })
            await reader.close()
            await writer.close()
        }
    }

    @Test func eachReaderOfEventsGetsAll() async throws {
        try await TestNode.run { node in
            let reader = try await SoundpostClient.connect(patiently: node.address)
            let writer = try await SoundpostClient.connect(patiently: node.address)
            let both = [reader.events, reader.events]
            try await writer.set("gain#1", "gainDb#0", to: -1)
            for events in both {
                let update = await firstUpdate(in: events)
                #expect(update?.value == "-1")
            }
            await reader.close()
            await writer.close()
        }
    }

    @Test func askThatIsNotAnsweredInTimeFails() async throws {
        try await TestNode.run(limits: Self.slow) { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let outcomes = await askFarTooMuch(of: client, timeout: .milliseconds(50))
            let codes = Set(outcomes.compactMap { $0 as? ClientError }.map(\.code))
            #expect(codes == [.timedOut])
            await client.close()
        }
    }

    @Test func cancelledAskEndsAtOnce() async throws {
        try await TestNode.run(limits: Self.slow) { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let events = client.events
            let asking = Task { await askFarTooMuch(of: client, timeout: .seconds(3600)) }
            await untilSlowed(events)
            asking.cancel()
            let outcomes = await asking.value
            #expect(!outcomes.isEmpty)
            #expect(outcomes.allSatisfy { $0 is CancellationError })
            await client.close()
        }
    }

    @Test func cutConnectionFailsPendingAsksAsUnknown() async throws {
        try await TestNode.run(limits: Self.slow) { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let events = client.events
            let asking = Task { await askFarTooMuch(of: client, timeout: .seconds(3600)) }
            await untilSlowed(events)
            await node.cut()
            let outcomes = await asking.value
            let lost = outcomes.compactMap { $0 as? ClientError }.filter { $0.code == .connectionLost }
            #expect(!lost.isEmpty)
            #expect(lost.allSatisfy { $0.message.contains("not known") })
            // Asks that came after the cut were never sent.
            let codes = Set(outcomes.compactMap { ($0 as? ClientError)?.code })
            #expect(codes.isSubset(of: [.connectionLost, .notConnected]))
            await client.close()
        }
    }

    @Test func closingFailsPendingAsks() async throws {
        try await TestNode.run(limits: Self.slow) { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let events = client.events
            let asking = Task { await askFarTooMuch(of: client, timeout: .seconds(3600)) }
            await untilSlowed(events)
            await client.close()
            let outcomes = await asking.value
            #expect(!outcomes.isEmpty)
            #expect(outcomes.allSatisfy { ($0 as? ClientError)?.code == .closed })
        }
    }

    @Test func comesBackAfterTheNodeWasAway() async throws {
        try await TestNode.run { node in
            var configuration = try ClientConfiguration.patient(node.address)
            configuration.reconnect = ReconnectPolicy(shortest: .milliseconds(1), longest: .milliseconds(20))
            let client = try await SoundpostClient.connect(configuration)
            let events = client.events
            var states = client.states.makeAsyncIterator()
            #expect(await names(of: 1, from: &states) == ["connected"])
            await node.cut()
            #expect(await names(of: 1, from: &states) == ["waiting"])
            await #expect(throws: ClientError.self) { try await client.ask(Ping()) }
            try await node.comeBack()
            await untilConnected(&states)
            _ = try await client.ask(Ping())

            let writer = try await SoundpostClient.connect(patiently: node.address)
            try await writer.set("gain#1", "gainDb#0", to: -2)
            let update = await firstUpdate(in: events)
            #expect(update?.value == "-2", "a reader of events goes on across connections")
            await writer.close()
            await client.close()
        }
    }

    @Test func withoutReconnectionTheClientEndsWithItsConnection() async throws {
        try await TestNode.run { node in
            var configuration = try ClientConfiguration.patient(node.address)
            configuration.reconnect = nil
            let client = try await SoundpostClient.connect(configuration)
            let events = client.events
            let states = client.states
            await node.cut()
            for await _ in events {}
            var last = ConnectionState.connected
            for await state in states { last = state }
            guard case .closed(let cause?) = last else {
                Issue.record("ended as \(last)")
                return
            }
            #expect(cause.code == .connectionLost)
            let refusal = await #expect(throws: ClientError.self) { try await client.ask(Ping()) }
            #expect(refusal?.code == .closed)
        }
    }

    @Test func closingEndsEventsAndStates() async throws {
        try await TestNode.run { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let events = client.events
            let states = client.states
            await client.close()
            await client.close()
            for await _ in events {}
            for await _ in states {}
            for await _ in client.events {}
            let refusal = await #expect(throws: ClientError.self) { try await client.ask(Ping()) }
            #expect(refusal?.code == .closed)
        }
    }

    @Test func nobodyThereIsSaid() async throws {
        var port = 0
        try await TestNode.run { node in port = node.port }
        let address = "127.0.0.1:\(port)"
        let error = await #expect(throws: ClientError.self) { try await SoundpostClient.connect(patiently: address) }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains(address) == true)
    }

    @Test func refusalOfTheHandshakeCarriesTheNodesWords() async throws {
        try await TestNode.run { node in
            // A name of loopback that is not on the node's list of hosts.
            let error = await #expect(throws: ClientError.self) {
                try await SoundpostClient.connect(patiently: "127.1:\(node.port)")
            }
            #expect(error?.code == .refused)
            #expect(error?.refusal?.message.isEmpty == false)
        }
    }

    @Test func overloadedNodeMayBeTriedAgain() async throws {
        try await TestNode.run(limits: { $0.connections = 1 }) { node in
            let client = try await SoundpostClient.connect(patiently: node.address)
            let error = await #expect(throws: ClientError.self) {
                try await SoundpostClient.connect(patiently: node.address)
            }
            #expect(error?.code == .unreachable)
            #expect(error?.isPermanent == false)
            await client.close()
        }
    }

    @Test(arguments: ["", "ws-1", "a b", "ü", String(repeating: "a", count: 65)])
    func badNameIsRefusedBeforeConnecting(_ name: String) async {
        let error = await #expect(throws: ClientError.self) {
            try await SoundpostClient.connect(patiently: "127.0.0.1:1", name: name)
        }
        #expect(error?.code == .badAddress)
    }

    /// One message, and then one a second: what comes second is sure to wait.
    private static func slow(_ limits: inout ServerLimits) {
        limits.messagesPerSecond = 1
        limits.messageBurst = 1
    }

    /// Asks so much at once that a slow node needs an hour.
    ///
    /// - Returns: the errors of those that failed.
    private func askFarTooMuch(of client: SoundpostClient, timeout: Duration) async -> [any Error] {
        await withTaskGroup(of: (any Error)?.self) { group in
            for _ in 0..<3600 {
                group.addTask {
                    do {
                        _ = try await client.ask(Ping(), timeout: timeout)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { errors, error in
                if let error { errors.append(error) }
            }
        }
    }

    /// Waits until the node says that it has begun to make the client wait.
    private func untilSlowed(_ events: NodeEvents) async {
        for await event in events {
            if case .message(let error as ErrorMessage) = event, error.code == "rate_limited" { return }
        }
    }

    private func firstUpdate(in events: NodeEvents) async -> ParameterUpdate? {
        for await event in events {
            if case .message(let update as ParameterUpdate) = event { return update }
        }
        return nil
    }

    private func untilConnected(_ states: inout AsyncStream<ConnectionState>.Iterator) async {
        while let state = await states.next(isolation: nil) {
            if case .connected = state { return }
        }
    }

    private func names(of count: Int, from states: inout AsyncStream<ConnectionState>.Iterator) async -> [String] {
        var names: [String] = []
        while names.count < count, let state = await states.next(isolation: nil) {
            names.append(String("\(state)".prefix { $0 != "(" }))
        }
        return names
    }
}
