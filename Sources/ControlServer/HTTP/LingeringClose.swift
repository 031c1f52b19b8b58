import NIOCore

/// Ends a connection so that the peer can still read the last answer.
///
/// Closing a socket with unread input makes the kernel send a reset, which on some systems destroys what the peer has
/// not read yet. So only the output is closed at first; NIO closes the rest when the peer closes its side.
enum LingeringClose {
    /// Time the peer has to close its side.
    static let limit: TimeAmount = .seconds(1)

    /// Call on any thread, once what is to be read last has been flushed.
    static func begin(on channel: any Channel) {
        channel.close(mode: .output).whenComplete { _ in
            let deadline = channel.eventLoop.scheduleTask(in: limit) {
                channel.close(promise: nil)
            }
            channel.closeFuture.whenComplete { _ in deadline.cancel() }
        }
    }
}
