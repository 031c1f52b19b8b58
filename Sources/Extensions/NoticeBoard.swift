internal import Synchronization

/// Notices on their way to one reader. Too many give way, the oldest first, and are counted.
final class NoticeBoard: Sendable {
    private static let capacity = 10_000

    let notices: AsyncStream<ExtensionHost.Notice>
    private let continuation: AsyncStream<ExtensionHost.Notice>.Continuation
    private let unread = Mutex<[String: Int]>([:])

    init(capacity: Int = NoticeBoard.capacity) {
        (notices, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(capacity))
    }

    func post(_ notice: ExtensionHost.Notice) {
        guard case .dropped(let older) = continuation.yield(notice) else { return }
        switch older {
        case .event(let id, _, _): unread.withLock { $0[id, default: 0] += 1 }
        case .changed:
            // A change is never forgotten; what matters is that one comes after it.
            if case .event = notice { post(.changed) }
        }
    }

    /// Events of an extension that gave way.
    func unread(of id: String) -> Int {
        unread.withLock { $0[id, default: 0] }
    }

    func close() {
        continuation.finish()
    }
}
