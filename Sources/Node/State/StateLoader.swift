import ChainModel
import ControlProtocol
import Logging
import Storage

/// Brings the state of a node back from disk, and gives a new node its first chain.
struct StateLoader {
    let chainFile: ChainFile
    let assignmentFile: CoreAssignmentFile
    let flattener: ChainFlattener
    let logger: Logger

    /// The stored state. Files are only written when there is no chain yet, and only such as are not there.
    func load(_ journal: Journal, coreCount: Int) throws(NodeStartError) -> ChainState {
        let storedLink = try chainFile.read()
        let storedAssignment = try assignmentFile.read()
        let storedParameters = try values(of: journal)
        let link = storedLink ?? DemoChain.link
        let assignment = storedAssignment ?? (storedLink == nil ? DemoChain.assignment : [:])
        let chain = try flatten(link)
        if storedLink == nil {
            try write(link, storedAssignment == nil ? assignment : nil)
        }
        return ChainState(
            link: link,
            chain: chain,
            parameters: ParameterStore(chain: chain, stored: storedParameters),
            coreCount: coreCount,
            assignment: assignment
        )
    }

    private func values(of journal: Journal) throws(NodeStartError) -> [String: [String: String]] {
        do throws(StorageError) {
            return try journal.values()
        } catch {
            throw NodeStartError(.badFile, path: error.path, "The stored parameters cannot be read. (\(error))")
        }
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

    /// Puts a new node's first chain on disk.
    private func write(_ link: LinkConfig, _ assignment: [InstanceID: Int]?) throws(NodeStartError) {
        do {
            if let assignment {
                try assignmentFile.write(assignment)
            }
            try chainFile.write(link)
        } catch {
            throw NodeStartError(
                .directoryUnusable, path: chainFile.path, "The first chain cannot be written. (\(error))")
        }
        logger.info("There was no chain; the node starts with the stereo tone chain.")
    }
}
