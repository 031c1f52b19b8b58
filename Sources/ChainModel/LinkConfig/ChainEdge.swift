public import WireFormats

/// A wire from an output to an input. The module id `$io` stands for the chain's own external ports.
public struct ChainEdge: Sendable, Hashable {
    /// The module id of a chain's own boundary.
    public static let boundary = "$io"
    /// A key reserved for chains with feedback, which are not built yet.
    public static let feedbackKey = "feedback"

    public var id: String
    public var fromModule: String
    public var fromPort: String
    public var toModule: String
    public var toPort: String
    /// Nil or −1: those of the source.
    public var channels: Int?
    /// Nil or −1: the chain's. In Hz.
    public var sampleRate: Int?
    public var unknown: [String: JSONValue]

    public init(
        id: String,
        fromModule: String,
        fromPort: String,
        toModule: String,
        toPort: String,
        channels: Int? = nil,
        sampleRate: Int? = nil,
        unknown: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.fromModule = fromModule
        self.fromPort = fromPort
        self.toModule = toModule
        self.toPort = toPort
        self.channels = channels
        self.sampleRate = sampleRate
        self.unknown = unknown
    }

    public var statedChannels: Int? { channels == PortDescriptor.inherit ? nil : channels }
    public var statedSampleRate: Int? { sampleRate == PortDescriptor.inherit ? nil : sampleRate }
    public var usesBoundary: Bool { fromModule == Self.boundary || toModule == Self.boundary }
}
