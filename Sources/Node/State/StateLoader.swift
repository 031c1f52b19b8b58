import ChainModel
import ControlProtocol
import Logging

/// Brings the state of a node back from disk, and gives a new node its first chain.
struct StateLoader {
    let chainFile: ChainFile
    let assignmentFile: CoreAssignmentFile
    let parameterFile: ParameterSnapshotFile
    let flattener: ChainFlattener
    let logger: Logger

    /// The stored state. Files are only written when there is no chain yet.
    func load(coreCount: Int) throws(NodeStartError) -> ChainState {
        let stored = try chainFile.read()
        let link = if let stored { stored } else { try makeFirstChain() }
        let chain = try flatten(link)
        return ChainState(
            link: link,
            chain: chain,
            parameters: ParameterStore(chain: chain, stored: try parameterFile.read().values),
            coreCount: coreCount,
            assignment: try assignmentFile.read()
        )
    }

    private func flatten(_ link: LinkConfig) throws(NodeStartError) -> FlattenedChain {
        do throws(ChainFaults) {
            return try flattener.flatten(link)
        } catch {
            throw NodeStartError(
                .badFile,
                path: chainFile.path,
                "The chain has faults, and was left as it is. Repair it or move it away.\n\(error)"
            )
        }
    }

    private func makeFirstChain() throws(NodeStartError) -> LinkConfig {
        do {
            try assignmentFile.write(DemoChain.assignment)
            try chainFile.write(DemoChain.link)
        } catch {
            throw NodeStartError(
                .directoryUnusable,
                path: chainFile.path,
                "The first chain cannot be written: \(error)"
            )
        }
        logger.info("There was no chain; the node starts with the stereo tone chain.")
        return DemoChain.link
    }
}
