/// What `send` does when a channel has no room for one more message.
public enum BackPressure: String, Sendable, Hashable, CaseIterable {
    /// Waits, on the calling thread, until there is room or the channel ends.
    case wait
    /// Throws `sendFailed`; the message is not sent.
    case fail
    /// Gives up the oldest message that waits to be sent, which the channel's metrics count. That may be the answer
    /// of a handler, so whoever asks over such a channel needs a time-out.
    case dropOldest = "drop_oldest"
}
