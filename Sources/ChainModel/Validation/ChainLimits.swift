/// Bounds of what a chain file may ask for.
enum ChainLimits {
    static let channels = 1...64
    static let sampleRate = 8000...384_000
    static let frameSize = 1...8192
    /// Sub-graph nodes around a module.
    static let nesting = 16
    static let modules = LinkFrame.maximumModules
    /// Ports of one node or chain in one direction; a link frame counts them in one byte.
    static let ports = 255
    /// Nodes and their ports after expansion. Empty sub-graphs would otherwise multiply without making a module.
    static let expandedSize = 65_536
    /// Bytes of a port id, which a link frame counts in one byte.
    static let portIDLength = 1...255
}
