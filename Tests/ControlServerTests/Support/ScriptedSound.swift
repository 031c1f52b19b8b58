import AudioEngine
import Synchronization

@testable import ControlServer

/// What a scripted node plays: a test puts pieces in, and everybody who listens gets them.
final class ScriptedSound: Sendable {
    enum Event: Hashable, Sendable {
        /// Somebody began to listen, and is the so many-th now.
        case began(Int)
        /// Somebody ended, and so many are left.
        case ended(Int)
    }

    private struct Listener: AudioListening {
        let number: Int
        let sound: ScriptedSound

        func end() {
            sound.remove(number)
        }
    }

    private struct State {
        var last = 0
        var takers: [Int: @Sendable (AudioChunk) -> Void] = [:]
    }

    /// Who came and went, in order; for one reader.
    let events: AsyncStream<Event>
    private let eventSignal: AsyncStream<Event>.Continuation
    private let state = Mutex(State())

    init() {
        (events, eventSignal) = AsyncStream.makeStream(of: Event.self)
    }

    func add(_ take: @escaping @Sendable (AudioChunk) -> Void) -> any AudioListening {
        let (number, count) = state.withLock { state in
            state.last += 1
            state.takers[state.last] = take
            return (state.last, state.takers.count)
        }
        eventSignal.yield(.began(count))
        return Listener(number: number, sound: self)
    }

    func play(_ chunk: AudioChunk) {
        for take in state.withLock({ Array($0.takers.values) }) {
            take(chunk)
        }
    }

    private func remove(_ number: Int) {
        let count: Int? = state.withLock { state in
            state.takers.removeValue(forKey: number) == nil ? nil : state.takers.count
        }
        if let count {
            eventSignal.yield(.ended(count))
        }
    }
}
