import Synchronization

/// Turns a chain file into a flat chain (TUN-7).
///
/// The contents of a sub-graph get the prefix `group#1.`; wires across its boundary are joined. Results are kept by
/// content, so that asking again for a chain that did not change costs a look-up. Any thread.
public final class ChainFlattener: Sendable {
    /// Chains that are kept.
    private static let capacity = 8

    public let library: ModuleLibrary
    private let cache = Mutex<[(link: LinkConfig, chain: FlattenedChain)]>([])

    public init(library: ModuleLibrary = .builtIn) {
        self.library = library
    }

    /// The flat chain.
    ///
    /// - Throws: All faults that `ChainValidator` finds.
    public func flatten(_ link: LinkConfig) throws(ChainFaults) -> FlattenedChain {
        if let known = cached(link) { return known }
        let inspection = ChainInspection(link, library: library)
        guard inspection.faults.isEmpty, let chain = inspection.flattened else { throw ChainFaults(inspection.faults) }
        cache.withLock { entries in
            entries.insert((link, chain), at: 0)
            if entries.count > Self.capacity { entries.removeLast() }
        }
        return chain
    }

    private func cached(_ link: LinkConfig) -> FlattenedChain? {
        cache.withLock { entries in
            guard let position = entries.firstIndex(where: { $0.link == link }) else { return nil }
            let entry = entries.remove(at: position)
            entries.insert(entry, at: 0)
            return entry.chain
        }
    }
}
