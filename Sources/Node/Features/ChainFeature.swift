import ChainModel
import ControlProtocol
import Logging
import Storage

/// The chain: replaced as a whole, read back as it was written.
final class ChainFeature: Feature {
    private let state: ChainState
    private let engine: EngineFeature
    private let session: SessionFeature
    private let ledger: ChangeLedger
    private let file: ChainFile
    private let flattener: ChainFlattener
    private let clients: ClientDirectory
    private let logger: Logger

    init(
        state: ChainState,
        engine: EngineFeature,
        session: SessionFeature,
        ledger: ChangeLedger,
        file: ChainFile,
        flattener: ChainFlattener,
        clients: ClientDirectory,
        logger: Logger
    ) {
        self.state = state
        self.engine = engine
        self.session = session
        self.ledger = ledger
        self.file = file
        self.flattener = flattener
        self.clients = clients
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(writeLink, as: .command)
        router.on(readLink)
        router.on(getDspChain)
        router.on(getModuleLibrary)
    }

    /// Replaces the chain: checks, then writes, then plays, then records. Until the write has succeeded nothing has
    /// changed; if the engine refuses after it, the file is put back, and after a failure to record the former chain
    /// plays again. The other clients are told.
    ///
    /// - Parameters:
    ///   - values: the changes that the chain is to begin with, given the values as it takes them.
    ///   - record: takes these changes up in the ledger, and commits.
    /// - Throws: `ChainFaults` with everything that is wrong, or a ``ControlError``.
    @discardableResult
    func replace(
        with link: LinkConfig,
        setting values: (ParameterStore) throws -> [ValueChange] = { _ in [] },
        by author: Author,
        record: ([ValueChange]) throws -> Void
    ) throws -> WriteLinkAck.Transition? {
        let former = state.link
        let chain = try flattener.flatten(link)
        let parameters = state.parameters.rebound(to: chain)
        let changes = try values(parameters)
        let transition = try play(link, chain, parameters, changes, by: author)
        do {
            try record(changes)
        } catch {
            goBack(to: former, by: author)
            throw error
        }
        clients.broadcast(changes, in: state.parameters, except: author.client)
        return transition
    }

    /// - Parameter changes: what the engine is to play from the first sample on; `parameters` gets it from the ledger.
    private func play(
        _ link: LinkConfig,
        _ chain: FlattenedChain,
        _ parameters: ParameterStore,
        _ changes: [ValueChange],
        by author: Author
    ) throws -> WriteLinkAck.Transition? {
        var changed = parameters
        changed.store(changes)
        try file.write(link)
        let transition: WriteLinkAck.Transition?
        do {
            transition = try engine.swap(to: state.setup(chain: chain, parameters: changed))
        } catch {
            restoreFile()
            throw error
        }
        state.adopt(link, chain, parameters)
        clients.broadcast(LinkUpdated(origin: author.client.rawValue), except: author.client)
        clients.broadcast(engine.assignments)
        session.announceIfChanged()
        logger.info(
            "The chain was replaced.",
            metadata: ["client": "\(author.name)", "modules": "\(chain.modules.count)"]
        )
        return transition
    }

    private func goBack(to link: LinkConfig, by author: Author) {
        do {
            let chain = try flattener.flatten(link)
            _ = try play(link, chain, state.parameters.rebound(to: chain), [], by: author)
        } catch {
            logger.critical(
                "A chain whose values were refused could not be taken back.", metadata: ["error": "\(error)"])
        }
    }

    private func writeLink(_ request: WriteLink, from author: Author) throws -> WriteLinkAck {
        try DeviceChoice.refuse(request.device)
        if let revision = request.revision?.value, revision != state.revision {
            throw ControlError(
                .chainChanged,
                "The chain was changed since it was read: it is revision \(state.revision), not \(revision).",
                field: "revision"
            )
        }
        let before = state.link
        let count = state.chain.modules.count
        do {
            let link = try LinkConfig(json: request.link)
            let values = { try Self.changes(giving: request.values ?? [:], in: $0) }
            let transition = try replace(with: link, setting: values, by: author) { changes in
                guard link != before || !changes.isEmpty else { return }
                try ledger.recordChain(
                    JournalEntry.Link(before: try before.encoded(), after: try link.encoded()),
                    with: changes,
                    title: ChangeTitle.chain(from: count, to: state.chain.modules.count),
                    by: author
                )
            }
            return WriteLinkAck(transition: transition, revision: state.revision)
        } catch let error as ChainFaults {
            return WriteLinkAck(faults: error.faults)
        }
    }

    private static func changes(
        giving values: [String: [String: JSONScalar]],
        in parameters: ParameterStore
    ) throws(ControlError) -> [ValueChange] {
        var changes: [ValueChange] = []
        for (instance, params) in values.sorted(by: { $0.key < $1.key }) {
            changes += try parameters.changes(giving: params, to: instance, field: "values.\(instance)")
        }
        return changes
    }

    private func readLink(_ request: ReadLink, from author: Author) -> ReadLinkAck {
        ReadLinkAck(link: state.link, revision: state.revision)
    }

    private func getDspChain(_ request: GetDspChain, from author: Author) -> DspChain {
        DspChain(chain: state.link)
    }

    private func getModuleLibrary(_ request: GetModuleLibrary, from author: Author) -> ModuleLibraryMessage {
        ModuleLibraryMessage(library: flattener.library)
    }

    private func restoreFile() {
        do {
            try file.write(state.link)
        } catch {
            logger.critical("A refused chain could not be taken off the disk.", metadata: ["error": "\(error)"])
        }
    }
}
