public import Foundation

/// One change: who made it, when, and what was before and after.
public struct JournalEntry: Sendable, Hashable {
    /// What has become of a change.
    public enum State: Int, Sendable, Hashable {
        case done = 0
        /// Taken back; its client can make it again.
        case undone = 1
        /// Taken back for good, because its client went on with something else.
        case discarded = 2
        /// Others have changed everything it changed; it can no longer be taken back.
        case overtaken = 3
    }

    /// The value of a parameter element before and after; nil where the chain had no such element.
    public struct Values: Sendable, Hashable {
        public var before: String?
        public var after: String?

        public init(before: String?, after: String?) {
            self.before = before
            self.after = after
        }
    }

    /// The chain file before and after.
    public struct Link: Sendable, Hashable {
        public var before: Data
        public var after: Data

        public init(before: Data, after: Data) {
            self.before = before
            self.after = after
        }
    }

    public var id: Int64
    /// Milliseconds since 1970 (UTC).
    public var timestamp: Int64
    public var client: String
    public var kind: String
    /// For people.
    public var title: String
    public var state: State
    public var values: [JournalKey: Values]
    /// Nil for a change that left the chain alone, and for an old one whose chains were let go.
    public var link: Link?

    public init(
        id: Int64,
        timestamp: Int64,
        client: String,
        kind: String,
        title: String,
        state: State = .done,
        values: [JournalKey: Values] = [:],
        link: Link? = nil
    ) {
        self.id = id
        self.timestamp = timestamp
        self.client = client
        self.kind = kind
        self.title = title
        self.state = state
        self.values = values
        self.link = link
    }
}
