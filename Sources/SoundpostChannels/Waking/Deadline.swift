#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Until when a thread waits, on the clock that never jumps.
struct Deadline: Sendable {
    /// Nil: for ever.
    let nanoseconds: Int64?

    static let never = Deadline(nanoseconds: nil)
    /// Does not wait at all.
    static let now = Deadline(nanoseconds: 0)

    private init(nanoseconds: Int64?) {
        self.nanoseconds = nanoseconds
    }

    /// - Parameter timeout: Nil for ever; zero or less does not wait.
    init(after timeout: Duration?) {
        guard let timeout else {
            self = .never
            return
        }
        let parts = timeout.components
        // A wait of more than 100 years never ends.
        guard parts.seconds < 3_155_760_000 else {
            self = .never
            return
        }
        guard parts.seconds >= 0 else {
            self = .now
            return
        }
        let length = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
        self = length <= 0 ? .now : Deadline(nanoseconds: Self.clock() + length)
    }

    static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds that are left, 0 when it has passed; nil for ever.
    var remaining: Int64? {
        guard let nanoseconds else { return nil }
        return nanoseconds == 0 ? 0 : max(0, nanoseconds - Self.clock())
    }

    var hasPassed: Bool { remaining == 0 }

    /// For poll(2): rounded up, so that it does not wake a moment too early; −1 for ever.
    var milliseconds: Int32 {
        guard let remaining else { return -1 }
        return Int32(clamping: (remaining + 999_999) / 1_000_000)
    }
}
