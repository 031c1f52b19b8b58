import NIOCore

/// Ends what a slow peer holds up: looks at a ``BodyPace`` whenever it could have run out.
///
/// Threading: the event loop it was made for, only.
final class BodyWatch {
    private let eventLoop: any EventLoop
    private let start: NIODeadline
    private let slow: () -> Void
    private var pace: BodyPace
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - limits: `bodyTime` and `bodyBytesPerSecond`.
    ///   - eventLoop: of the connection.
    ///   - slow: called once, on the event loop, when the peer is too slow.
    init(limits: ServerLimits, eventLoop: any EventLoop, slow: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.slow = slow
        start = eventLoop.now
        pace = BodyPace(time: limits.bodyTime, bytesPerSecond: limits.bodyBytesPerSecond)
        schedule()
    }

    func wait() {
        pace.wait(at: now)
    }

    func moved(_ bytes: Int) {
        pace.moved(bytes, at: now)
    }

    func end() {
        timer?.cancel()
        timer = nil
    }

    private var now: Duration { Duration(eventLoop.now - start) }

    private func schedule() {
        let rest = pace.rest(at: now)
        timer = eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(max(rest, .milliseconds(1)))) {
            [weak self] in self?.check()
        }
    }

    private func check() {
        if pace.rest(at: now) > .zero {
            schedule()
        } else {
            end()
            slow()
        }
    }
}
