import Foundation
import Testing

@testable import SoundpostChannels

/// Two ends of one channel in this process.
struct ChannelPair: Sendable {
    let server: Channel
    let client: Channel
    /// Keeps the directory.
    private let directory: TemporaryDirectory?

    enum Kind: String, CaseIterable, Sendable, CustomTestStringConvertible {
        case thread
        case localSocket
        case sharedMemory
        /// As on systems without sealed memory.
        case namedSharedMemory
        /// A ring that long messages do not fit into.
        case smallSharedMemory
        case pipes

        var testDescription: String { rawValue }
    }

    init(_ kind: Kind, _ options: ChannelOptions = ChannelOptions()) throws {
        switch kind {
        case .thread:
            directory = nil
            (server, client) = try Channel.pair("pair", options)
        case .localSocket:
            let directory = try TemporaryDirectory()
            self.directory = directory
            let listener = try LocalSocketServer("pair", in: directory.place)
            client = try Channel.connectLocalSocket("pair", options, in: directory.place)
            server = try listener.accept(options: options)
        case .sharedMemory, .namedSharedMemory, .smallSharedMemory:
            let directory = try TemporaryDirectory()
            self.directory = directory
            let listener = try SharedMemoryServer(
                "pair", ringBytes: kind == .smallSharedMemory ? 65_536 : SharedMemoryServer.usualRingBytes,
                codec: .json,
                wait: .sleeping, in: directory.place, backing: kind == .namedSharedMemory ? .named : .ofSystem)
            let accepted = Promise<Result<Channel, any Error>>()
            BackgroundThread.start("accept") {
                accepted.set(Result { try listener.accept(options: options) })
            }
            client = Channel(
                over: try RingConnection.connect(
                    "pair", codec: .json, in: directory.place,
                    backing: kind == .namedSharedMemory ? .named : .ofSystem), options)
            server = try accepted.wait().get()
        case .pipes:
            directory = nil
            signal(SIGPIPE, SIG_IGN)
            var there: [Int32] = [-1, -1]
            var back: [Int32] = [-1, -1]
            guard pipe(&there) == 0, pipe(&back) == 0 else { throw POSIXError(.EMFILE) }
            server = try .lines("pair", reading: there[0], writing: back[1], options)
            client = try .lines("pair", reading: back[0], writing: there[1], options)
        }
    }
}

/// A value that another thread brings.
final class Promise<Value: Sendable>: @unchecked Sendable {
    // Unchecked: the value is only touched under the condition's lock.
    private let condition = NSCondition()
    private var value: Value?

    func set(_ value: Value) {
        condition.lock()
        self.value = value
        condition.broadcast()
        condition.unlock()
    }

    func wait() -> Value {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value { return value }
            condition.wait()
        }
    }
}

/// Runs on a thread of its own, and waits for it without holding one of the threads that tasks share.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    // Through a lock, which ThreadSanitizer sees; what a continuation orders it does not see on Linux.
    let result = Promise<Result<Value, any Error>>()
    await withCheckedContinuation { continuation in
        BackgroundThread.start("test") {
            result.set(Result(catching: body))
            continuation.resume()
        }
    }
    return try result.wait().get()
}
