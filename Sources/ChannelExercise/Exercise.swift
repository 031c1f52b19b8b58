internal import Foundation
internal import SoundpostChannels
internal import Synchronization
internal import WireFormats

/// One end of a channel that tries the other, and says what it saw.
struct Exercise: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let channel: Channel
    let fixtures: Fixtures
    var guardTime: Duration { .seconds(fixtures.steps["guardSeconds"]?.count ?? 0) }

    /// - Returns: False for a role that does not exist.
    func play(_ role: String) -> Bool {
        switch role {
        case "steps":
            step("order", order)
            step("sizes", sizes)
            step("values", values)
            step("concurrency", concurrency)
            step("refused", refused)
            step("ping") { _ = try channel.ping(timeout: guardTime) }
            step("drain", drain)
        case "tell": step("tell", tell)
        case "listen":
            step("hears every message", hearMessages)
            step("one error for every refused line", hearErrors)
            step("hears everything before the end", hearTheRest)
        case "ask": ask()
        case "pause": pause()
        case "wait": wait()
        default: return false
        }
        return true
    }

    // MARK: Reports

    static func say(_ report: JSONValue) {
        var writer = JSONWriter()
        // What a report consists of can always be written.
        try? writer.write(report)
        FileHandle.standardOutput.write(Data(writer.bytes + [UInt8(ascii: "\n")]))
    }

    private func step(_ name: String, _ body: () throws -> Void) {
        do {
            try body()
            Self.say(["step": .string(name), "ok": true, "detail": ""])
        } catch {
            Self.say(["step": .string(name), "ok": false, "detail": .string("\(error)")])
        }
    }

    private func must(_ holds: Bool, _ text: @autoclosure () -> String) throws(Failure) {
        guard holds else { throw Failure(description: String(text().prefix(300))) }
    }

    /// Text of so many characters in which every place is recognised.
    private func numbered(_ size: Int) -> String {
        let part = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"
        return String(decoding: Array(String(repeating: part, count: size / 63 + 1).utf8)[..<size], as: UTF8.self)
    }

    /// Runs a body on a thread of its own; what is returned waits for it and throws what it threw.
    private func beside(_ body: @escaping @Sendable () throws -> Void) -> () throws -> Void {
        let outcome = Outcome()
        Thread.detachNewThread {
            do {
                try body()
            } catch {
                outcome.error.withLock { $0 = error }
            }
            outcome.isOver.signal()
        }
        return {
            outcome.isOver.wait()
            if let error = outcome.error.withLock({ $0 }) { throw error }
        }
    }

    private final class Outcome: Sendable {
        let isOver = DispatchSemaphore(value: 0)
        let error = Mutex<(any Error)?>(nil)
    }

    private func receive() throws -> Message { try channel.receive(timeout: guardTime) }

    private func echo(_ data: JSONValue) throws -> JSONValue {
        try channel.request("echo", data, timeout: guardTime)
    }

    private func mustBeOver() throws {
        do throws(ChannelError) {
            let message = try channel.receive(timeout: guardTime)
            throw ChannelError(.io, channel: channel.name, "after the end came \(message.kind)")
        } catch {
            guard error.code == .disconnected else { throw error }
        }
    }

    // MARK: Steps with an echo at the other end

    private func order() throws {
        let count = fixtures.steps["order"]?.count ?? 0
        let sent = beside { [channel] in
            for number in 0..<count { try channel.emit("n", .integer(Int64(number))) }
        }
        for number in 0..<count {
            let message = try receive()
            try must(
                message == Message(.event, event: "n", data: .integer(Int64(number))), "\(number) came as \(message)")
        }
        try sent()
    }

    private func sizes() throws {
        let overhead = #"{"type":"data","data":""}"#.utf8.count
        for range in fixtures.steps["sizes"]?.elements ?? [] {
            for size in range.elements[0].count...range.elements[1].count {
                let text = numbered(size - overhead)
                try channel.sendJSON(.string(text))
                try must(try receive().data == .string(text), "a message of \(size) bytes came back changed")
            }
        }
    }

    private func values() throws {
        for row in fixtures.messages {
            if ["data", "event"].contains(row.message["type"]?.text) {
                try channel.send(encoded: row.wire)
                let message = try receive()
                try must(message.isSame(as: row.message), "\(row.why): came back as \(message)")
            }
            let data = row.message["data"] ?? .null
            let answer = try echo(data)
            try must(answer.isSame(as: data), "\(row.why): answered with \(answer)")
        }
    }

    private func concurrency() throws {
        let amount = fixtures.steps["concurrency"]?.members ?? [:]
        let askers = (0..<(amount["threads"]?.count ?? 0)).map { thread in
            beside {
                for number in 0..<(amount["requests"]?.count ?? 0) {
                    let question: JSONValue = [
                        .integer(Int64(thread)), .integer(Int64(number)), .string(numbered(number * 7)),
                    ]
                    let answer = try echo(question)
                    try must(answer == question, "\(question) was answered with \(answer)")
                }
            }
        }
        for asker in askers { try asker() }
    }

    private func refused() throws {
        for row in fixtures.refused {
            try channel.send(encoded: row.wire)
            try must(try echo(.string(row.why)) == .string(row.why), "\(row.why): it did not go on")
        }
        let message = try channel.tryReceive()
        try must(message == nil, "for a line that is no message came \(String(describing: message))")
    }

    private func drain() throws {
        let sent = beside { try sendAndEnd() }
        try hearTheRest()
        try sent()
    }

    // MARK: Other roles

    /// Sends many messages without waiting, then ends gracefully.
    private func sendAndEnd() throws {
        let amount = fixtures.steps["drain"]?.members ?? [:]
        let text = numbered(amount["bytes"]?.count ?? 0)
        for number in 0..<(amount["messages"]?.count ?? 0) {
            try channel.sendJSON([.integer(Int64(number)), .string(text)])
        }
        channel.shutdown()
    }

    private func hearTheRest() throws {
        let amount = fixtures.steps["drain"]?.members ?? [:]
        let text = numbered(amount["bytes"]?.count ?? 0)
        for number in 0..<(amount["messages"]?.count ?? 0) {
            let data = try receive().data
            try must(data == [.integer(Int64(number)), .string(text)], "\(number) came as \(data)")
        }
        try mustBeOver()
    }

    private func tell() throws {
        for row in fixtures.messages + fixtures.refused { try channel.send(encoded: row.wire) }
        try sendAndEnd()
        try channel.waitForDrain(timeout: guardTime)
        try mustBeOver()
    }

    private func hearMessages() throws {
        for row in fixtures.messages where !["ping", "pong"].contains(row.message["type"]?.text) {
            let message = try receive()
            try must(message.isSame(as: row.message), "\(row.why): came as \(message)")
        }
    }

    private func hearErrors() throws {
        for row in fixtures.refused {
            do throws(ChannelError) {
                let message = try channel.receive(timeout: guardTime)
                throw ChannelError(.io, channel: channel.name, "\(row.why): came as \(message)")
            } catch {
                guard error.code == .serialization else { throw error }
            }
        }
    }

    private func ask() {
        step("ask") { try must(try echo([1, "two"]) == [1, "two"], "another answer") }
    }

    private func pause() {
        ask()
        Self.say(["state": "stop it"])
        _ = readLine()
        let patience = Duration.milliseconds(fixtures.steps["patienceMilliseconds"]?.count ?? 0)
        step("a stopped end is waited for") {
            do {
                let answer = try channel.request("echo", "late", timeout: patience)
                throw Failure(description: "it answered \(answer)")
            } catch let error as ChannelError where error.code == .timeout {}
        }
        Self.say(["state": "let it go on"])
        _ = readLine()
        step("and goes on") { try must(try echo("again") == "again", "another answer") }
    }

    private func wait() {
        Self.say(["state": "connected"])
        while true {
            do throws(ChannelError) {
                _ = try channel.receive()
            } catch {
                Self.say(["state": .string(error.code.description)])
                return
            }
        }
    }
}
