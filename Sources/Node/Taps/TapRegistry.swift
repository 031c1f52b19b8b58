import Synchronization

/// The taps that are open. One that ends leaves by itself, and nothing of it stays.
///
/// Any thread.
final class TapRegistry: Sendable {
    private let taps = Mutex<[String: TapServer]>([:])

    var count: Int { taps.withLock { $0.count } }

    var all: [TapServer] { taps.withLock { taps in taps.keys.sorted().compactMap { taps[$0] } } }

    func add(_ tap: TapServer) {
        taps.withLock { $0[tap.name] = tap }
    }

    /// - Returns: nil when it is not open.
    @discardableResult
    func remove(_ name: String) -> TapServer? {
        taps.withLock { $0.removeValue(forKey: name) }
    }

    func removeAll() -> [TapServer] {
        taps.withLock { taps in
            defer { taps = [:] }
            return Array(taps.values)
        }
    }
}
