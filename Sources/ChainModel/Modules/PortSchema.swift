/// Which way a signal passes a port.
public enum PortDirection: String, Sendable, Hashable, Codable, CaseIterable {
    case input, output
}

/// A port of a module type.
public struct PortSchema: Sendable, Hashable {
    /// Where the channel count comes from.
    public enum Channels: Sendable, Hashable {
        case fixed(Int)
        /// An input takes those of its wire, an output those of the first input port.
        case inherited
        /// An output may state any number; unstated it inherits.
        case free
    }

    public var id: String
    public var direction: PortDirection
    public var isRequired: Bool
    public var channels: Channels

    public init(id: String, direction: PortDirection, isRequired: Bool = true, channels: Channels = .inherited) {
        self.id = id
        self.direction = direction
        self.isRequired = isRequired
        self.channels = channels
    }
}
