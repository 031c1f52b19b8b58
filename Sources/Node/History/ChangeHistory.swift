import ControlProtocol
import Storage

/// What each client has changed and may take back: a value without time or disk.
///
/// Taking back a change puts its keys to what they were before, but only those that still are what the change made
/// them: a newer change of somebody else stays. A change of which nothing is left to take back is passed over. Making
/// it again works the same way round. A client that changes something new can no longer make again what it took back.
struct ChangeHistory: Sendable {
    /// Changes that one client may take back.
    static let depth = 100
    /// Changes of the same keys that follow each other within this time are one entry: a turn of a knob. Milliseconds.
    static let gestureTime: Int64 = 1000

    private struct Stack: Sendable {
        /// The newest last; likewise below.
        var done: [JournalEntry] = []
        var undone: [JournalEntry] = []

        /// - Returns: the oldest, when there are too many.
        mutating func add(_ entry: JournalEntry) -> [JournalEntry] {
            undone = []
            // No slice: that would share the storage, and the next line copy it.
            let dropped = Array(done.prefix(max(0, done.count + 1 - ChangeHistory.depth)))
            done.removeFirst(dropped.count)
            done.append(entry)
            return dropped
        }

        /// The way back from ``add(_:)``.
        mutating func remove(undone: [JournalEntry], dropped: [JournalEntry]) {
            done.removeLast()
            done.insert(contentsOf: dropped, at: 0)
            self.undone = undone
        }

        mutating func replaceLast(with entry: JournalEntry) {
            done[done.count - 1] = entry
        }
    }

    /// The way back from one change of a stack. A copy of the stacks would be simpler, and cost more than the change.
    private enum Reversal: Sendable {
        /// An entry was added: what was discarded for it, and what was too old then.
        case added(String, undone: [JournalEntry], dropped: [JournalEntry])
        /// The newest entry was continued; before, it was this one.
        case continued(String, JournalEntry)
        /// A step was made in a stack that was this one.
        case stepped(String, Stack)
    }

    private var stacks: [String: Stack] = [:]
    private var lastID: Int64
    /// Ways back to the last commit, in the order of the changes.
    private var reversals: [Reversal] = []

    /// - Parameter lastID: the highest id that was ever given.
    init(lastID: Int64) {
        self.lastID = lastID
    }

    /// Brings back what a client did before the node was started.
    ///
    /// - Parameter entries: the oldest first.
    mutating func restore(_ entries: [JournalEntry], of client: String) {
        guard stacks[client] == nil, !entries.isEmpty else { return }
        stacks[client] = Stack(
            done: entries.filter { $0.state == .done },
            undone: entries.filter { $0.state == .undone }.reversed()
        )
    }

    func isKnown(_ client: String) -> Bool { stacks[client] != nil }

    /// Forgets a client that has gone; ``restore(_:of:)`` brings back what is on disk.
    mutating func forget(_ client: String) {
        stacks[client] = nil
    }

    func canUndo(_ client: String) -> Bool { stacks[client]?.done.isEmpty == false }
    func canRedo(_ client: String) -> Bool { stacks[client]?.undone.isEmpty == false }

    /// Takes up a change that was made.
    ///
    /// - Returns: the entries that are new or have changed. Their `link` is to be added by the caller: it is kept on
    ///   disk only.
    mutating func record(
        _ values: [JournalKey: JournalEntry.Values],
        kind: HistoryEntry.Kind,
        title: String,
        by client: String,
        at timestamp: Int64
    ) -> [JournalEntry] {
        let discarded = stacks[client]?.undone ?? []
        if discarded.isEmpty, let top = stacks[client]?.done.last,
            let continued = top.continued(by: values, kind: kind, title: title, at: timestamp)
        {
            stacks[client]?.replaceLast(with: continued)
            reversals.append(.continued(client, top))
            return [continued]
        }
        lastID += 1
        let entry = JournalEntry(
            id: lastID,
            timestamp: timestamp,
            client: client,
            kind: kind.rawValue,
            title: title,
            values: values
        )
        // Changed in place: a stack under a name of its own would be a copy.
        let dropped = stacks[client, default: Stack()].add(entry)
        reversals.append(.added(client, undone: discarded, dropped: dropped))
        return discarded.map { $0.with(.discarded) } + [entry]
    }

    /// Takes note that everything so far is on disk.
    mutating func commit() {
        reversals.removeAll(keepingCapacity: true)
    }

    /// Takes back everything since the last commit.
    mutating func rollBack() {
        for reversal in reversals.reversed() {
            switch reversal {
            case .added(let client, let undone, let dropped):
                stacks[client]?.remove(undone: undone, dropped: dropped)
                lastID -= 1
            case .continued(let client, let former):
                stacks[client]?.replaceLast(with: former)
            case .stepped(let client, let stack):
                stacks[client] = stack
            }
        }
        reversals = []
    }

    /// What taking back or making again comes to.
    struct Step: Sendable, Hashable {
        /// With its new state, and with the values that it still has to do with.
        var entry: JournalEntry
        /// Strings to be stored; an inner nil removes the stored one: the chain had no such element before.
        var values: [JournalKey: String?]
        /// The chain to go to.
        var link: JournalEntry.Link?
        /// Entries of which nothing was left to take back.
        var overtaken: [JournalEntry]
    }

    /// Takes back a client's newest change of which something is left.
    ///
    /// - Parameters:
    ///   - present: the string in force for a key now.
    ///   - link: the chains of an entry, when its `after` is the chain now; else nil.
    /// - Returns: nil when there is none. The history is unchanged then, but for entries that were overtaken.
    mutating func undo(
        _ client: String,
        present: (JournalKey) -> String?,
        link: (JournalEntry) throws -> JournalEntry.Link?
    ) rethrows -> Step? {
        if let stack = stacks[client] { reversals.append(.stepped(client, stack)) }
        var overtaken: [JournalEntry] = []
        while let entry = stacks[client]?.done.popLast() {
            let link = entry.isChain ? try link(entry) : nil
            // Values that came with a chain go with it, or stay.
            let isWhole = !entry.isChain || link != nil
            let values = isWhole ? entry.values.filter { present($0.key) == $0.value.after } : [:]
            guard !values.isEmpty || link != nil else {
                overtaken.append(entry.with(.overtaken))
                continue
            }
            let undone = entry.with(.undone).keeping(values)
            stacks[client]?.undone.append(undone)
            return Step(entry: undone, values: values.mapValues(\.before), link: link, overtaken: overtaken)
        }
        return nil
    }

    /// Makes again what a client took back last, as far as nobody has changed it since.
    ///
    /// - Parameters:
    ///   - present: the string in force for a key now.
    ///   - link: the chains of an entry, when its `before` is the chain now; else nil.
    mutating func redo(
        _ client: String,
        present: (JournalKey) -> String?,
        link: (JournalEntry) throws -> JournalEntry.Link?
    ) rethrows -> Step? {
        if let stack = stacks[client] { reversals.append(.stepped(client, stack)) }
        var overtaken: [JournalEntry] = []
        while let entry = stacks[client]?.undone.popLast() {
            let link = entry.isChain ? try link(entry) : nil
            // Values that came with a chain go with it, or stay.
            let isWhole = !entry.isChain || link != nil
            let values = isWhole ? entry.values.filter { present($0.key) == $0.value.before } : [:]
            guard !values.isEmpty || link != nil else {
                overtaken.append(entry.with(.discarded))
                continue
            }
            let done = entry.with(.done).keeping(values)
            stacks[client]?.done.append(done)
            return Step(entry: done, values: values.mapValues(\.after), link: link, overtaken: overtaken)
        }
        return nil
    }
}

extension JournalEntry {
    fileprivate var isChain: Bool { kind == HistoryEntry.Kind.chain.rawValue }

    fileprivate func with(_ state: State) -> JournalEntry {
        var entry = self
        entry.state = state
        return entry
    }

    fileprivate func keeping(_ values: [JournalKey: Values]) -> JournalEntry {
        var entry = self
        entry.values = values
        return entry
    }

    /// This entry with a further change of what it changed; nil when that is a change of its own.
    ///
    /// A turn of a knob changes one key again and again; the drag of a filter's handle, or of linked channels, several,
    /// of which some may rest now and then: the keys of one change are all among those of the other. A glide between
    /// two presets may move any of their keys.
    fileprivate func continued(
        by values: [JournalKey: Values],
        kind: HistoryEntry.Kind,
        title: String,
        at timestamp: Int64
    ) -> JournalEntry? {
        guard self.kind == kind.rawValue, !values.isEmpty, !self.values.isEmpty, isGesture(until: timestamp) else {
            return nil
        }
        switch kind {
        case .parameters: guard isNested(with: values) else { return nil }
        case .morph: guard self.title == title else { return nil }
        default: return nil
        }
        guard values.allSatisfy({ key, next in self.values[key].map { $0.after == next.before } ?? true }) else {
            return nil
        }
        var entry = self
        for (key, next) in values {
            entry.values[key] = Values(before: (self.values[key] ?? next).before, after: next.after)
        }
        entry.timestamp = timestamp
        if kind == .parameters { entry.title = ChangeTitle.parameters(entry.values) }
        return entry
    }

    private func isNested(with values: [JournalKey: Values]) -> Bool {
        let (fewer, more) = values.count < self.values.count ? (values, self.values) : (self.values, values)
        return fewer.keys.allSatisfy { more[$0] != nil }
    }

    /// Clocks are set, and archives come from anywhere: the difference may be of any size.
    private func isGesture(until timestamp: Int64) -> Bool {
        let (elapsed, overflow) = timestamp.subtractingReportingOverflow(self.timestamp)
        return !overflow && (0...ChangeHistory.gestureTime).contains(elapsed)
    }
}
