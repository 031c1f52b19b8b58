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

    /// Takes both signals over for as long as this object lives.
    init() {
        sources = [SIGINT, SIGTERM].map { [flag] number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { flag.isRaised.store(true, ordering: .relaxed) }
            source.resume()
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
