public import WireFormats

/// A port of a node, or an external port of a chain.
public struct PortDescriptor: Sendable, Hashable {
    /// In `channels` and `sampleRate`: taken from the wire.
    public static let inherit = -1

    public var id: String
    /// `input` or `output`.
    public var direction: String
    /// Nil or −1: inherited.
    public var channels: Int?
    /// Nil or −1: inherited. In Hz.
    public var sampleRate: Int?
    public var label: String?
    /// Nil: as the module type says; for external ports true.
    public var required: Bool?
    public var unknown: [String: JSONValue]

    public init(
        id: String,
        direction: PortDirection,
        channels: Int? = nil,
        sampleRate: Int? = nil,
        label: String? = nil,
        required: Bool? = nil,
        unknown: [String: JSONValue] = [:]
    ) {
        self.id = id
        self.direction = direction.rawValue
        self.channels = channels
        self.sampleRate = sampleRate
        self.label = label
        self.required = required
        self.unknown = unknown
    }

    /// Nil for a word that is no direction.
    public var portDirection: PortDirection? { PortDirection(rawValue: direction) }

    /// The channel count when it is stated.
    public var statedChannels: Int? { channels == Self.inherit ? nil : channels }
    /// The sample rate when it is stated.
    public var statedSampleRate: Int? { sampleRate == Self.inherit ? nil : sampleRate }
}
