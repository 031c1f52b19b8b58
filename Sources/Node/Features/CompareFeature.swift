import AudioEngine
import ChainModel
import ControlProtocol
import Storage

/// Two states of all tunable values, of which one is in force. Kept while the node lives.
///
/// Made equally loud by rendering the programme of the last seconds through both: the louder one is turned down.
final class CompareFeature: Feature {
    /// Text by instance and key.
    private typealias Values = [JournalKey: String]

    private let state: ChainState
    private let parameters: ParametersFeature
    private let ledger: ChangeLedger
    private let engine: Engine
    private let output: OutputFeature
    private let clients: ClientDirectory
    private var active = CompareSlot.a
    /// The state that is not in force; nil while it was never.
    private var other: Values?
    /// What it was, or would be, turned down by when it is in force, dB.
    private var otherTrim = 0.0

    /// How much louder the state is that is to be in force than the one that is, dB; nil when that cannot be said.
    private struct Surplus: Sendable {
        let decibels: Double?
        /// What it was found for.
        let other: Values
        let revision: Int
    }

    init(
        state: ChainState,
        parameters: ParametersFeature,
        ledger: ChangeLedger,
        engine: Engine,
        output: OutputFeature,
        clients: ClientDirectory
    ) {
        self.state = state
        self.parameters = parameters
        self.ledger = ledger
        self.engine = engine
        self.output = output
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on { [unowned self] (_: GetCompare, _) in status }
        router.on(preparing: surplus, select, as: .command)
        router.on(copy, as: .command)
    }

    /// The engine outlives the states that are compared.
    func close() {
        engine.setTrim(0)
    }

    private var status: CompareStatus {
        let differences = other.map { differing(from: $0).count } ?? 0
        return CompareStatus(active: active, differences: differences, matchDb: engine.trimDb)
    }

    /// Tells every client, or all but one.
    @discardableResult
    func announce(except client: ClientID? = nil) -> CompareStatus {
        let status = status
        clients.broadcast(status, except: client)
        output.announceIfChanged()
        return status
    }

    /// Makes a step of the history. When it takes back, or makes again, that the other state came into force, the two
    /// change places.
    func following<Result>(_ entry: JournalEntry, _ step: () throws -> Result) rethrows -> Result {
        guard entry.kind == HistoryEntry.Kind.comparison.rawValue, let other else { return try step() }
        let present = tunable
        let result = try step()
        if differing(from: other).isEmpty {
            exchange(for: present, trim: otherTrim, otherTrim: engine.trimDb)
            announce()
        }
        return result
    }

    private func surplus(_ request: CompareSelect) -> (@Sendable () async -> Surplus)? {
        guard request.slot != active, let other, engine.output.isMatched, engine.isRunning,
            !differing(from: other).isEmpty
        else { return nil }
        let (wanted, present, revision) = (setup(with: other), state.setup, state.revision)
        return { [engine] in
            await BlockingWork.loudness.run {
                Surplus(decibels: engine.loudness(of: wanted, over: present), other: other, revision: revision)
            }
        }
    }

    private func select(_ request: CompareSelect, louderBy surplus: Surplus?, from author: Author) throws
        -> CompareStatus
    {
        guard request.slot != active else { return status }
        let present = tunable
        let next = other ?? present
        try apply(next, kind: .comparison, title: ChangeTitle.comparison(request.slot.rawValue), by: author)
        if let surplus, surplus.other == other, surplus.revision == state.revision, let found = surplus.decibels {
            // The louder one is turned down.
            let decibels = (found * 100).rounded() / 100
            exchange(for: present, trim: min(-decibels, 0), otherTrim: min(decibels, 0))
        } else {
            exchange(for: present, trim: otherTrim, otherTrim: engine.trimDb)
        }
        return announce(except: author.client)
    }

    private func copy(_ request: CompareCopy, from author: Author) throws -> CompareStatus {
        if request.from == active {
            other = tunable
        } else if let other {
            let title = ChangeTitle.copied(request.from.rawValue)
            try apply(other, kind: .comparisonCopy, title: title, by: author)
        }
        // Both are the same now: whoever goes over hears no other level.
        otherTrim = engine.trimDb
        return announce(except: author.client)
    }

    private func exchange(for former: Values, trim: Double, otherTrim: Double) {
        other = former
        active = active == .a ? .b : .a
        self.otherTrim = otherTrim
        engine.setTrim(trim)
    }

    private func setup(with values: Values) -> ChainSetup {
        var setup = state.setup
        for (key, text) in values {
            if let assignment = state.parameters.change(of: key, to: text).assignment {
                setup.parameters[assignment.id] = assignment.value
            }
        }
        return setup
    }

    /// Every tunable value in force, defaults included.
    private var tunable: Values {
        var values: Values = [:]
        for (instance, params) in state.parameters.allStrings {
            for (key, text) in params {
                let key = JournalKey(instance: instance, key: key)
                if !state.parameters.isSystem(key) { values[key] = text }
            }
        }
        return values
    }

    /// What would change if those values were in force; those that the chain has no place for are left alone.
    private func differing(from values: Values) -> Values {
        let present = state.parameters.allStrings
        return values.filter { key, wanted in
            guard let text = present[key.instance]?[key.key], text != wanted else { return false }
            return state.parameters.change(of: key, to: wanted).assignment != nil
        }
    }

    private func apply(_ values: Values, kind: HistoryEntry.Kind, title: String, by author: Author) throws {
        let changes = differing(from: values)
        guard !changes.isEmpty else { return }
        try ledger.transaction {
            var checked: [StoredParameter] = []
            for (instance, entries) in Dictionary(grouping: changes, by: \.key.instance) {
                let params = entries.map { ($0.key.key, JSONScalar.string($0.value)) }
                checked += try state.parameters.check(
                    Dictionary(uniqueKeysWithValues: params), of: instance, field: "slot")
            }
            try parameters.apply(checked, kind: kind, title: title, by: author)
        }
    }
}
