/// Somebody who hears the chain's output, until `end()` or until this is dropped.
public final class AudioListener: Sendable {
    private let ending: @Sendable () -> Void

    init(ending: @escaping @Sendable () -> Void) {
        self.ending = ending
    }

    deinit {
        ending()
    }

    /// Nothing is heard any more once this has returned, but for a call that is under way; that may be the last to let
    /// go of what the listener holds. May be called again.
    public func end() {
        ending()
    }
}
