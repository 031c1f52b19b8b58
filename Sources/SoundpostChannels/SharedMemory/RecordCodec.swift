/// What the records of a shared-memory connection are.
public enum RecordCodec: UInt8, Sendable, Hashable {
    /// Bytes whose meaning the two ends know.
    case raw = 0
    /// Messages in JSON.
    case json = 2
}
