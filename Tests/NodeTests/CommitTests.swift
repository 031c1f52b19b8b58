import Foundation
import Testing

@testable import Node

/// Changes of many clients that come faster than commits.
@Suite struct CommitTests {
    private func set(_ client: Int, _ step: Int) -> [UInt8] {
        let value = -Double(client) - Double(step) / 100
        let target = #""instanceId":"gain#1","paramId":"gainDb#\#(client % 2)""#
        return Array(#"{"type":"set_param",\#(target),"value":\#(value),"requestId":\#(step)}"#.utf8)
    }

    @Test func everyChangeIsAnsweredInOrderAndTheLastAreThereAfterARestart() async throws {
        try await TestBed.run { bed in
            var clients: [RecordingClient] = []
            for number in 0..<40 { clients.append(await bed.client("client\(number)")) }
            await withTaskGroup(of: Void.self) { group in
                for (number, client) in clients.enumerated() {
                    group.addTask {
                        for step in 0..<50 { await bed.node.accept(set(number % 20, step), from: client.id) }
                        await bed.send(#"{"type":"ping"}"#, from: client)
                    }
                }
            }
            for client in clients {
                let answers = client.messages(ofType: "set_param_ack")
                #expect(answers.map { $0["requestId"] as Int? } == Array(0..<50))
                #expect(answers.allSatisfy { $0["success"] == true })
            }
            let request = #"{"type":"get_module_params","instanceId":"gain#1"}"#
            let before = try await bed.ask(clients[0], request).json["params"]
            await bed.node.stop()
            try await bed.node.start()
            let after = try await bed.ask(await bed.client("late"), request).json["params"]
            #expect(after == before)
        }
    }

    @Test func whatWasAcceptedIsAnsweredInOrderAndDoneBeforeItsClientGoes() async throws {
        try await TestBed.run { bed in
            let client = await bed.client("alice")
            let listener = await bed.client("bob")
            for step in 0..<600 {
                await bed.node.accept(set(step % 2, step), from: client.id)
                // Questions between the changes keep their place.
                if step % 50 == 0 {
                    await bed.node.accept(Array(#"{"type":"ping","requestId":"q\#(step)"}"#.utf8), from: client.id)
                }
            }
            await bed.node.disconnect(client.id)
            let answers = client.messages(ofType: "set_param_ack").map { $0["requestId"] as Int? }
            // Up to the last question all are answered; of the rest as many as were committed before the client went.
            #expect(answers.count > 550)
            #expect(answers == Array(0..<answers.count))
            #expect(
                client.messages(ofType: "pong").map { $0["requestId"] as String? } == (0..<12).map { "q\($0 * 50)" })
            let request = #"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb#1"}"#
            try await #expect(bed.ask(listener, request)["value"] == "-6.99")
        }
    }

    @Test func aNodeThatStopsLeavesNobodyWaiting() async throws {
        try await TestBed.run { bed in
            let clients = [await bed.client("alice"), await bed.client("bob")]
            await withTaskGroup(of: Void.self) { group in
                for client in clients {
                    group.addTask {
                        for step in 0..<200 { await bed.node.accept(set(step % 2, step), from: client.id) }
                        await bed.node.disconnect(client.id)
                    }
                }
                group.addTask { await bed.node.stop() }
            }
            for client in clients {
                let answered = client.messages(ofType: "set_param_ack")
                #expect(answered.map { $0["requestId"] as Int? } == Array(0..<answered.count))
                #expect(answered.allSatisfy { $0["success"] == true })
            }
        }
    }

    @Test func aCommitThatFailsRefusesEveryChangeInItAndTakesAllBack() async throws {
        try await TestBed.run { bed in
            let clients = [await bed.client("alice"), await bed.client("bob")]
            let listener = await bed.client("carol")
            for (number, client) in clients.enumerated() {
                await bed.send(set(number, 1), from: client)
            }
            let values = #"{"type":"get_module_params","instanceId":"gain#1"}"#
            let before = try await bed.ask(listener, values).json["params"]
            for client in clients + [listener] { client.clear() }

            try await bed.withCommitsRefused {
                for step in 2..<40 {
                    for (number, client) in clients.enumerated() {
                        await bed.node.accept(set(number, step), from: client.id)
                    }
                }
                for client in clients {
                    await bed.send(#"{"type":"ping"}"#, from: client)
                    let answers = client.messages(ofType: "set_param_ack")
                    #expect(answers.map { $0["requestId"] as Int? } == Array(2..<40))
                    #expect(answers.allSatisfy { $0["success"] == false && $0["code"] == "storage_failed" })
                }
            }

            #expect(listener.messages.isEmpty)
            #expect(try await bed.ask(listener, values).json["params"] == before)
            // What undo finds is what was before the changes that were refused.
            for (number, client) in clients.enumerated() {
                #expect(try await bed.ask(client, #"{"type":"undo"}"#)["success"] == true)
                #expect(try await bed.ask(client, #"{"type":"undo"}"#)["code"] == "nothing_to_undo")
                let request = #"{"type":"get_param","instanceId":"gain#1","paramId":"gainDb#\#(number)"}"#
                #expect(try await bed.ask(listener, request)["value"] == "0")
            }
        }
    }

    @Test func aLongMessageKeepsItsPlace() async throws {
        try await TestBed.run { bed in
            let client = await bed.client("alice")
            let padding = String(repeating: " ", count: 2 * Inbox.small)
            for step in 0..<30 {
                let message = set(0, step)
                await bed.node.accept(step % 3 == 0 ? message + Array(padding.utf8) : message, from: client.id)
            }
            await bed.send(#"{"type":"ping"}"#, from: client)
            let answers = client.messages(ofType: "set_param_ack").map { $0["requestId"] as Int? }
            #expect(answers == Array(0..<30))
        }
    }
}
