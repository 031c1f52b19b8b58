#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Synchronization

/// A file descriptor that several threads use and one may let go of.
///
/// The number stays taken until the last user is done, so that no thread ever reads from a file that got the same
/// number. What it stands for is let go of at once: `/dev/null` takes its place.
final class Descriptor: Sendable {
    let number: Int32
    private let isOpen = Atomic(true)
    /// Opened with the first descriptor, because there may be none left when one is let go of.
    private static let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)

    init(_ number: Int32) {
        _ = Self.nothing
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Ends a connection in both directions, which also wakes who waits for it, and lets go of it.
    func letGo() {
        guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
        shutdown(number, Int32(SHUT_RDWR))
        guard Self.nothing >= 0 else { return }
        dup2(Self.nothing, number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    }

    /// Waits until one of `events` (poll(2)) is there; 0 at the deadline.
    func wait(for events: Int32, _ deadline: Deadline) -> Int32 {
        while true {
            var entry = pollfd(fd: number, events: Int16(events), revents: 0)
            let count = poll(&entry, 1, deadline.milliseconds)
            if count > 0 { return Int32(entry.revents) }
            if count == 0 && deadline.hasPassed { return 0 }
            if count < 0 && errno != EINTR && errno != EAGAIN { return Int32(POLLERR) }
        }
    }
}
