import Synchronization

/// Bounds how many listen at once: each takes as much of the network as the sound does, whether anybody hears it or
/// not.
final class ListeningRoom: Sendable {
    /// One listener's place, given back when nobody holds it any more.
    final class Seat: Sendable {
        private let room: ListeningRoom

        fileprivate init(_ room: ListeningRoom) {
            self.room = room
        }

        deinit {
            room.taken.withLock { $0 -= 1 }
        }
    }

    private let taken = Mutex(0)

    /// A place; nil when `limit` are taken.
    func seat(limit: Int) -> Seat? {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        return isFree ? Seat(self) : nil
    }
}
