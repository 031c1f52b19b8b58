import AudioEngine
import ChainModel
import ControlProtocol
import Logging
import Storage

/// The one way in which values change: engine, store, history and journal together, or none of them.
///
/// Changes are applied at once and committed later, so that those of many clients cost one commit. Until then nobody is
/// told of them. A commit that fails puts everything back to the last one.
///
/// Lives on the node's actor.
final class ChangeLedger {
    private let journal: Journal
    private let state: ChainState
    private let engine: EngineFeature
    private let clients: ClientDirectory
    private let wallClock: WallClock
    private let logger: Logger
    private(set) var history: ChangeHistory
    private var batch: Batch?
    /// Called with the instances whose values have changed, after every commit.
    var committed: (Set<String>) -> Void = { _ in }

    /// What was before the first change that is not committed, and what is to be committed.
    private struct Batch {
        let parameters: ParameterStore
        /// The engine got the changes with a chain, and goes back with it.
        let cameWithChain: Bool
        var write = JournalWrite()
    }

    init(
        journal: Journal,
        history: ChangeHistory,
        state: ChainState,
        engine: EngineFeature,
        clients: ClientDirectory,
        wallClock: WallClock,
        logger: Logger
    ) {
        self.journal = journal
        self.history = history
        self.state = state
        self.engine = engine
        self.clients = clients
        self.wallClock = wallClock
        self.logger = logger
    }

    /// Hands changes to the engine, which alone can still refuse, and takes them over. They are not committed yet.
    ///
    /// - Parameters:
    ///   - kind: how history calls them.
    ///   - title: nil to name the parameters.
    func apply(
        _ changes: [ValueChange],
        kind: HistoryEntry.Kind = .parameters,
        title: String? = nil,
        by author: Author
    ) throws(ControlError) {
        let values = try take(changes, withChain: false)
        guard !values.isEmpty else { return }
        let entries = history.record(
            values,
            kind: kind,
            title: title ?? ChangeTitle.parameters(values),
            by: author.name,
            at: wallClock.milliseconds()
        )
        for entry in entries {
            batch?.write.put(entry)
        }
    }

    /// Makes a step of the history. Not committed yet. The chain is the caller's to change.
    ///
    /// - Parameter withChain: the engine plays the changes already, with the step's chain.
    func take(
        _ step: ChangeHistory.Step,
        leaving next: ChangeHistory,
        changes: [ValueChange],
        withChain: Bool
    ) throws(ControlError) {
        _ = try take(changes, withChain: withChain)
        history = next
        for entry in step.overtaken + [step.entry] {
            batch?.write.put(entry)
        }
    }

    /// Takes up that the chain was replaced, and values with it, which the engine plays already; see
    /// ``commitChain(with:)``.
    func recordChain(
        _ link: JournalEntry.Link,
        with changes: [ValueChange],
        title: String,
        by author: Author
    ) throws(ControlError) {
        let values = try take(changes, withChain: true)
        let entries = history.record(
            values,
            kind: .chain,
            title: title,
            by: author.name,
            at: wallClock.milliseconds()
        )
        for var entry in entries {
            if entry.state == .done { entry.link = link }
            batch?.write.put(entry)
        }
        try commitChain(with: changes)
    }

    /// Commits what goes with a chain that is saved and plays. A failure costs the entry of the history and not the
    /// chain, unless values came with it.
    ///
    /// - Throws: when values could not be kept; they are taken back then, the chain is the caller's.
    func commitChain(with changes: [ValueChange]) throws(ControlError) {
        if changes.isEmpty {
            commitHistory()
        } else {
            try commit()
        }
    }

    /// Commits what only the history gains; a failure is logged.
    func commitHistory() {
        do {
            try commit()
        } catch {
            logger.error("A change is in force, but missing from the history.", metadata: ["error": "\(error.message)"])
        }
    }

    /// Notes which preset a module plays. Not committed yet.
    func setLoadedPreset(_ preset: String?, of instance: String) {
        begin()
        batch?.write.setLoadedPreset(preset, of: instance)
    }

    /// Brings everything since the last commit to the journal, or takes it back.
    func commit() throws(ControlError) {
        guard let batch else { return }
        self.batch = nil
        do throws(StorageError) {
            try journal.commit(batch.write)
        } catch {
            rollBack(batch)
            throw ControlError(.storage, "The change could not be written to disk and was not made. (\(error))")
        }
        history.commit()
        committed(Set(batch.write.values.keys.map(\.instance)))
    }

    /// Takes back everything since the last commit.
    func rollBack() {
        guard let batch else { return }
        self.batch = nil
        rollBack(batch)
    }

    /// Makes sure that a named client finds what it did before the node was started.
    func greet(_ author: Author) {
        guard author.name != author.client.rawValue, !history.isKnown(author.name) else { return }
        do throws(StorageError) {
            history.restore(try journal.reversible(of: author.name, limit: ChangeHistory.depth), of: author.name)
        } catch {
            logger.error("A client's history cannot be read.", metadata: ["error": "\(error)"])
        }
    }

    /// Forgets what a client did once no other has its name: what is committed is read again when it comes back.
    func dismiss(_ author: Author) {
        history.forget(author.name)
    }

    /// Runs work that ends with a commit. When it fails everything is taken back, and nobody hears of it.
    func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try clients.broadcastingOnSuccess {
                let result = try body()
                try commit()
                return result
            }
        } catch {
            rollBack()
            throw error
        }
    }

    private func begin(withChain: Bool = false) {
        if batch == nil {
            batch = Batch(parameters: state.parameters, cameWithChain: withChain)
        }
    }

    /// - Returns: the keys whose value is another one now.
    private func take(
        _ changes: [ValueChange],
        withChain: Bool
    ) throws(ControlError) -> [JournalKey: JournalEntry.Values] {
        if !withChain { try engine.set(changes.compactMap(\.assignment)) }
        begin(withChain: withChain)
        var values: [JournalKey: JournalEntry.Values] = [:]
        for change in changes {
            let before = state.parameters.replaced(by: change)
            batch?.write.set(change.key, to: change.text)
            guard before != change.text else { continue }
            values[change.key] = JournalEntry.Values(before: before, after: change.text)
        }
        state.parameters.store(changes)
        return values
    }

    private func rollBack(_ batch: Batch) {
        state.parameters = batch.parameters
        history.rollBack()
        guard !batch.cameWithChain else { return }
        let former = batch.write.values.keys.compactMap { key in
            state.parameters.change(of: key, to: state.parameters.stored(key)).assignment
        }
        do {
            try engine.set(former)
        } catch {
            logger.error("The engine plays values that were taken back.", metadata: ["error": "\(error.message)"])
        }
    }
}
