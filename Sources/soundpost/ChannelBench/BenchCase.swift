import ArgumentParser
import SoundpostChannels

/// One way to carry messages that `channel bench` measures.
struct BenchCase: Hashable {
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case local, shm, thread, stdio
    }

    enum Wait: String, CaseIterable, ExpressibleByArgument {
        /// Looks again and again, on a core of its own.
        case spin
        /// As channels wait by default.
        case block
        /// Sleeps at once, without the moment for which shared memory looks by default.
        case kernel
    }

    enum Encoding: String, CaseIterable, ExpressibleByArgument {
        /// Bytes.
        case raw
        /// Messages, which are written and read as JSON where a channel encodes.
        case json
    }

    let kind: Kind
    let wait: Wait
    let encoding: Encoding
    let size: Int

    /// Whether the kind can wait in this way.
    static func exists(_ kind: Kind, _ wait: Wait) -> Bool {
        switch wait {
        case .spin: kind != .stdio
        case .block: true
        case .kernel: kind == .shm
        }
    }

    /// Of shared memory.
    var strategy: WaitStrategy {
        switch wait {
        case .spin: .spinning
        case .block: .sleeping
        case .kernel: WaitStrategy(spin: .zero)
        }
    }

    /// What other kinds do by asking again; then they wait after all.
    var polls: Int { wait == .spin ? 20_000 : 0 }

    /// A power of two with room for a few messages.
    var ringBytes: Int { max(SharedMemoryServer.usualRingBytes, 4 * size) }
}
