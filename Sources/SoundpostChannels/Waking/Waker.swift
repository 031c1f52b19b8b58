/// Wakes an event loop that is not ours, after something was sent or came in.
///
/// `wake` is called from any thread, must not wait, and may come several times for one message or once for several.
public protocol Waker: Sendable {
    func wake()
}
