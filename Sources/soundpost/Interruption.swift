import Dispatch
import Foundation
import Synchronization

/// Notices SIGINT and SIGTERM instead of dying of them, so that work under way can end in order.
final class Interruption {
    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    private let flag = Flag()
    private let sources: [any DispatchSourceSignal]

    /// Takes both signals over for as long as this object lives. One that comes before this returns ends the process:
    /// there is nothing yet to end in order, and none is lost.
    ///
    /// - Parameter action: What ends the work, if nobody calls `check`; runs on a thread of its own, for each signal.
    init(then action: @escaping @Sendable () -> Void = {}) {
        let watched = DispatchSemaphore(value: 0)
        sources = [SIGINT, SIGTERM].map { [flag] number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                flag.isRaised.store(true, ordering: .relaxed)
                action()
            }
            source.setRegistrationHandler { watched.signal() }
            source.resume()
            watched.wait()
            #if canImport(Darwin)
                // On Linux Dispatch has a handler of its own.
                signal(number, SIG_IGN)
            #endif
            return source
        }
    }

    deinit {
        sources.forEach { $0.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }

    /// - Throws: ``CommandFailure`` once a signal has come.
    func check() throws {
        guard flag.isRaised.load(ordering: .relaxed) else { return }
        throw CommandFailure("interrupted; nothing was written")
    }
}
