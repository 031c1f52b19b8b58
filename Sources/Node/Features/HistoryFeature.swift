import ChainModel
import ControlProtocol
import Foundation
import Storage

/// What was changed by whom, and each client's way back and forth in its own changes.
final class HistoryFeature: Feature {
    private static let defaultLimit = 100
    private static let limits = 1...1000

    private let state: ChainState
    private let ledger: ChangeLedger
    private let journal: Journal
    private let chain: ChainFeature
    private let compare: CompareFeature
    private let clients: ClientDirectory

    init(
        state: ChainState,
        ledger: ChangeLedger,
        journal: Journal,
        chain: ChainFeature,
        compare: CompareFeature,
        clients: ClientDirectory
    ) {
        self.state = state
        self.ledger = ledger
        self.journal = journal
        self.chain = chain
        self.compare = compare
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on(undo, as: .command)
        router.on(redo, as: .command)
        router.on(getHistory)
    }

    private func undo(_ request: Undo, from author: Author) throws -> UndoAck {
        let present = try state.link.encoded()
        var next = ledger.history
        let step = try next.undo(author.name, present: state.parameters.effective) { entry in
            try journal.link(of: entry.id).flatMap { $0.after == present ? $0 : nil }
        }
        guard let step else { throw ControlError(.nothingToUndo, "There is no change of yours left to take back.") }
        let instances = try make(step, target: step.link?.before, leaving: next, by: author)
        return UndoAck(entry: HistoryEntry(step.entry), instances: instances, linkChanged: step.link != nil)
    }

    private func redo(_ request: Redo, from author: Author) throws -> RedoAck {
        let present = try state.link.encoded()
        var next = ledger.history
        let step = try next.redo(author.name, present: state.parameters.effective) { entry in
            try journal.link(of: entry.id).flatMap { $0.before == present ? $0 : nil }
        }
        guard let step else {
            throw ControlError(.nothingToUndo, "You have taken nothing back that could be made again.")
        }
        let instances = try make(step, target: step.link?.after, leaving: next, by: author)
        return RedoAck(entry: HistoryEntry(step.entry), instances: instances, linkChanged: step.link != nil)
    }

    /// Makes a step, chain first, and tells the other clients.
    ///
    /// - Returns: the values now, by instance id and canonical key.
    private func make(
        _ step: ChangeHistory.Step,
        target: Data?,
        leaving next: ChangeHistory,
        by author: Author
    ) throws -> [String: [String: String]] {
        let values = { (parameters: ParameterStore) in
            step.values.map { parameters.change(of: $0.key, to: $0.value) }
        }
        if let target {
            if let refusal = ModeRules.refusal(of: WriteLink.type, in: state.mode) { throw refusal }
            try chain.replace(with: try LinkConfig.decode(target), setting: values, by: author) { changes in
                try ledger.take(step, leaving: next, changes: changes, withChain: true)
                try ledger.commitChain(with: changes)
            }
        } else {
            try compare.following(step.entry) {
                try set(values(state.parameters), of: step, leaving: next, by: author)
            }
        }
        var instances: [String: [String: String]] = [:]
        for key in step.values.keys {
            instances[key.instance, default: [:]][key.key] = state.parameters.effective(key) ?? ""
        }
        return instances
    }

    private func set(
        _ changes: [ValueChange],
        of step: ChangeHistory.Step,
        leaving next: ChangeHistory,
        by author: Author
    ) throws {
        for change in changes where state.parameters.isSystem(change.key) {
            let name = "\(change.key.instance) \(change.key.key)"
            if let refusal = ModeRules.systemParameterRefusal(name, in: state.mode) { throw refusal }
        }
        try ledger.transaction {
            try ledger.take(step, leaving: next, changes: changes, withChain: false)
        }
        clients.broadcast(changes, in: state.parameters, except: author.client)
    }

    private func getHistory(_ request: GetHistory, from author: Author) throws -> History {
        let limit = request.limit?.value ?? Self.defaultLimit
        guard Self.limits.contains(limit) else {
            throw ControlError(.badField, "1…1000 entries can be asked for.", field: "limit")
        }
        do {
            let entries = try journal.history(limit: limit, before: (request.before?.value).map { Int64($0) })
            return History(
                entries: entries.map(HistoryEntry.init),
                canUndo: ledger.history.canUndo(author.name),
                canRedo: ledger.history.canRedo(author.name)
            )
        } catch {
            throw ControlError(.storage, "The history cannot be read. (\(error))")
        }
    }
}

extension HistoryEntry {
    init(_ entry: JournalEntry) {
        self.init(
            id: entry.id,
            timestamp: entry.timestamp,
            client: entry.client,
            kind: Kind(rawValue: entry.kind) ?? .parameters,
            title: entry.title,
            undone: entry.state == .undone || entry.state == .discarded
        )
    }
}
