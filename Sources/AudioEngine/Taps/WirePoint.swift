public import ChainModel

/// A wire to look at: what goes into a module or comes out of it, or into the chain or out of it.
public struct WirePoint: Sendable, Hashable {
    public enum Side: String, Sendable, Hashable, Codable, CaseIterable {
        case input, output
    }

    /// `nil`: the chain itself, whose output is taken behind the level.
    public var instance: InstanceID?
    public var side: Side

    public init(instance: InstanceID?, side: Side) {
        self.instance = instance
        self.side = side
    }
}
