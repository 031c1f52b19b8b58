internal import Synchronization

/// Wakes tasks: an asynchronous sequence with an element for what came since the last one.
///
///     for await _ in waker.wakes { while let message = try channel.tryReceive() { … } }
public final class TaskWaker: Waker {
    /// For one task. Wakes that come while it is busy are one element.
    public let wakes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func wake() {
        continuation.yield()
    }

    /// Ends the sequence.
    public func finish() {
        continuation.finish()
    }
}
