/// One message on its way.
enum Frame: Sendable {
    case message(Message)
    /// A message in JSON, that nobody has looked into.
    case encoded([UInt8])
}

/// How messages get to the other end; what a `Channel` is made over.
///
/// Any number of threads may send; one at a time receives. All calls wait on the calling thread.
protocol Transport: AnyObject, Sendable {
    var kind: ChannelKind { get }

    /// Hands one message over, and returns how many bytes it had (0 where nothing is encoded).
    ///
    /// - Parameters:
    ///   - deadline: Until when to wait for room, and for other threads that send.
    ///   - waits: For room, whatever the policy says.
    func send(_ frame: Frame, _ deadline: Deadline, waits: Bool) throws(TransportFault) -> Int

    /// Waits for the next message and hands it to `body`, which may use it in place.
    func receive(_ deadline: Deadline, _ body: (ReceivedFrame) -> Void) throws(TransportFault)

    /// Nothing more is sent: the other end is told after what was accepted. Never waits.
    func finish()

    /// Lets go. Whoever waits in here returns with `closed`. May be called more than once.
    func close()

    /// Messages accepted that have not been handed over.
    var queued: Int { get }

    /// The most that there have been at once.
    var peakQueued: Int { get }

    /// Waits until there are none.
    ///
    /// - Throws: `timeout`; what kept them from being handed over.
    func drain(_ deadline: Deadline) throws(TransportFault)

    /// Messages given up for newer ones.
    var dropped: Int { get }
}

/// For those that hand a message over before `send` returns.
extension Transport {
    var queued: Int { 0 }
    var peakQueued: Int { 0 }
    var dropped: Int { 0 }
    func drain(_: Deadline) throws(TransportFault) {}
}

/// What `receive` hands out. Bytes are only there during the call.
enum ReceivedFrame {
    case message(Message)
    case encoded(UnsafeRawBufferPointer)
}

enum TransportFault: Error {
    /// Not before the deadline.
    case timeout
    /// The other end sends nothing more, or is gone.
    case ended
    /// `close` was called here.
    case closed
    /// No room, and the policy is not to wait.
    case full
    /// The message is too long.
    case tooLarge(String)
    /// The message cannot be written as JSON.
    case unwritable(String)
    /// The other end broke a rule.
    case broken(String)
    /// The operating system refused something.
    case system(String)
}

extension Frame {
    /// Its JSON.
    ///
    /// - Throws: `tooLarge`, `unwritable`.
    func encoded() throws(TransportFault) -> [UInt8] {
        switch self {
        case .encoded(let bytes): return bytes
        case .message(let message):
            do throws(Message.Fault) {
                return try message.encoded()
            } catch {
                throw error.asTransportFault
            }
        }
    }
}
