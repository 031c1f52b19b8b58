/// What a client's connection is doing.
public enum ConnectionState: Sendable {
    case connected
    /// The connection is lost; the next attempt comes after `delay`.
    case waiting(delay: Duration, because: ClientError)
    case connecting
    /// For good: the client was closed (`because` is nil), or trying again cannot help.
    case closed(because: ClientError?)
}
