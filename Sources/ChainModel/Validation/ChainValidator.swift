/// Finds everything that is wrong with a chain file, each with its place (TUN-6).
public struct ChainValidator: Sendable {
    public let library: ModuleLibrary

    public init(library: ModuleLibrary = .builtIn) {
        self.library = library
    }

    /// Every fault of the file; empty for a chain that can run.
    public func validate(_ link: LinkConfig) -> [ChainFault] {
        ChainInspection(link, library: library).faults
    }
}
