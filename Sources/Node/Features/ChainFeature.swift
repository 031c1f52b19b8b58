import ChainModel
import ControlProtocol
import Logging

/// The chain: replaced as a whole, read back as it was written.
final class ChainFeature: Feature {
    private let state: ChainState
    private let engine: EngineFeature
    private let session: SessionFeature
    private let file: ChainFile
    private let flattener: ChainFlattener
    private let clients: ClientDirectory
    private let logger: Logger
    private let keeper: ParameterKeeper

    init(
        state: ChainState,
        engine: EngineFeature,
        session: SessionFeature,
        keeper: ParameterKeeper,
        file: ChainFile,
        flattener: ChainFlattener,
        clients: ClientDirectory,
        logger: Logger
    ) {
        self.state = state
        self.engine = engine
        self.session = session
        self.file = file
        self.flattener = flattener
        self.clients = clients
        self.logger = logger
        self.keeper = keeper
    }

    func register(on router: inout MessageRouter) {
        router.on(writeLink)
        router.on(readLink)
        router.on(getModuleLibrary)
    }

    /// Checks, then writes, then plays. Until the write has succeeded nothing has changed; if the engine refuses after
    /// it, the file is put back.
    private func writeLink(_ request: WriteLink, from client: ClientID) throws -> WriteLinkAck {
        try DeviceChoice.refuse(request.device)
        let link: LinkConfig
        let chain: FlattenedChain
        do throws(ChainFaults) {
            link = try LinkConfig(json: request.link)
            chain = try flattener.flatten(link)
        } catch {
            return WriteLinkAck(faults: error.faults)
        }
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
        keeper.changed()
        clients.broadcast(LinkUpdated(origin: client.rawValue), except: client)
        session.announceIfChanged()
        logger.info("The chain was replaced.", metadata: ["client": "\(client)", "modules": "\(chain.modules.count)"])
        return WriteLinkAck(transition: transition)
    }

    private func readLink(_ request: ReadLink, from client: ClientID) -> ReadLinkAck {
        ReadLinkAck(link: state.link)
    }

    private func getModuleLibrary(_ request: GetModuleLibrary, from client: ClientID) -> ModuleLibraryMessage {
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
