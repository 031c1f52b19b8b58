import Foundation
import SoundpostChannels
import WireFormats

/// One end of what is measured.
protocol BenchEnd: AnyObject {
    /// Sends one message that `fill` writes; returns what `fill` returns.
    func send(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> UInt64) throws
        -> UInt64

    /// Waits for a message.
    func receive<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws -> Value
}

/// Bytes where they lie in shared memory.
final class RingEnd: BenchEnd {
    private let connection: RingConnection

    init(_ connection: RingConnection) {
        self.connection = connection
    }

    func send(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> UInt64) throws -> UInt64 {
        var sum: UInt64 = 0
        try connection.write(size) { sum = fill($0) }
        return sum
    }

    func receive<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws -> Value {
        var value: Value?
        guard try connection.read({ value = body($0) }), let value else {
            throw CommandFailure("the other end is gone")
        }
        return value
    }
}

/// Messages that are encoded already.
final class EncodedEnd: BenchEnd {
    private let channel: Channel
    private let polls: Int
    private var buffer: [UInt8] = []

    init(_ channel: Channel, polls: Int) {
        self.channel = channel
        self.polls = polls
    }

    func send(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> UInt64) throws -> UInt64 {
        if buffer.count != size { buffer = [UInt8](repeating: 0, count: size) }
        let sum = buffer.withUnsafeMutableBytes(fill)
        try channel.send(encoded: buffer)
        return sum
    }

    func receive<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws -> Value {
        var value: Value?
        func take(_ timeout: Duration?) throws(ChannelError) {
            try channel.receiveEncoded(timeout: timeout) { value = body($0) }
        }
        var polls = polls
        while value == nil, polls > 0 {
            polls -= 1
            do throws(ChannelError) {
                try take(.zero)
            } catch {
                guard error.code == .timeout else { throw error }
            }
        }
        if value == nil { try take(nil) }
        guard let value else { throw CommandFailure("nothing was received") }
        return value
    }
}

/// Messages whose data is a string.
final class MessageEnd: BenchEnd {
    private let channel: Channel
    private let polls: Int

    init(_ channel: Channel, polls: Int) {
        self.channel = channel
        self.polls = polls
    }

    func send(_ size: Int, _ fill: (UnsafeMutableRawBufferPointer) -> UInt64) throws -> UInt64 {
        var sum: UInt64 = 0
        let text = String(unsafeUninitializedCapacity: size) {
            sum = fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer($0)[..<size]))
            return size
        }
        try channel.sendJSON(.string(text))
        return sum
    }

    func receive<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws -> Value {
        guard case .string(let data) = try next().data else { throw CommandFailure("a message without a text") }
        var text = data
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }

    private func next() throws -> Message {
        for _ in 0..<polls {
            if let message = try channel.tryReceive() { return message }
        }
        return try channel.receive()
    }
}
