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

    /// Replaces the chain: checks, then writes, then plays. Until the write has succeeded nothing has changed; if the engine
    /// refuses after it, the file is put back. The other clients are told; the history is the caller's to keep.
    ///
    /// - Throws: `ChainFaults` with everything that is wrong, or a ``ControlError``.
    @discardableResult
    func replace(with link: LinkConfig, by author: Author) throws -> WriteLinkAck.Transition? {
        let chain = try flattener.flatten(link)
        let parameters = state.parameters.rebound(to: chain)
        try file.write(link)
        let transition: WriteLinkAck.Transition?
        do {
            transition = try engine.swap(to: state.setup(chain: chain, parameters: parameters))
        } catch {
            restoreFile()
            throw error
        }
        state.adopt(link, chain, parameters)
        clients.broadcast(LinkUpdated(origin: author.client.rawValue), except: author.client)
        session.announceIfChanged()
        logger.info(
            "The chain was replaced.",
            metadata: ["client": "\(author.name)", "modules": "\(chain.modules.count)"]
        )
        return transition
    }

    private func writeLink(_ request: WriteLink, from author: Author) throws -> WriteLinkAck {
        try DeviceChoice.refuse(request.device)
        let before = state.link
        let count = state.chain.modules.count
        do {
            let link = try LinkConfig(json: request.link)
            let transition = try replace(with: link, by: author)
            if link != before {
                ledger.recordChain(
                    JournalEntry.Link(before: try before.encoded(), after: try link.encoded()),
                    title: ChangeTitle.chain(from: count, to: state.chain.modules.count),
                    by: author
                )
            }
            return WriteLinkAck(transition: transition)
        } catch let error as ChainFaults {
            return WriteLinkAck(faults: error.faults)
        }
    }

    private func readLink(_ request: ReadLink, from author: Author) -> ReadLinkAck {
        ReadLinkAck(link: state.link)
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
