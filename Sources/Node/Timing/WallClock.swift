import Foundation

/// The time of day, for stamps in messages. Intervals are measured with a `Clock`.
public struct WallClock: Sendable {
    /// Milliseconds since 1970 (UTC).
    public let milliseconds: @Sendable () -> Int64

    public init(milliseconds: @escaping @Sendable () -> Int64) {
        self.milliseconds = milliseconds
    }

    /// The machine's own clock.
    public static let system = WallClock { Int64(Date().timeIntervalSince1970 * 1000) }
}
