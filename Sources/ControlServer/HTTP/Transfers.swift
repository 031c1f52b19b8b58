import Synchronization

/// Bounds how many files are on their way at once: each may take its whole size of disk.
final class Transfers: Sendable {
    /// One transfer's place, given back when nobody holds it any more.
    final class Slot: Sendable {
        private let transfers: Transfers

        fileprivate init(_ transfers: Transfers) {
            self.transfers = transfers
        }

        deinit {
            transfers.running.withLock { $0 -= 1 }
        }
    }

    private let running = Mutex(0)

    /// - Throws: 503 when `limit` places are taken.
    func take(limit: Int) throws(Refusal) -> Slot {
        let isWithinLimit = running.withLock { running in
            guard running < limit else { return false }
            running += 1
            return true
        }
        guard isWithinLimit else {
            throw Refusal(
                503,
                "busy",
                "Other files are on their way. Try again later.",
                fields: [.init(name: "Retry-After", value: "5")]
            )
        }
        return Slot(self)
    }
}
