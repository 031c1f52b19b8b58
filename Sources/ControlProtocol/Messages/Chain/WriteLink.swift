public import ChainModel
public import WireFormats

/// Replaces the chain: checked, written to disk, then faded in while the sound goes on. Values that come with it are
/// one change together with it.
public struct WriteLink: ControlRequest {
    public static let type = "write_link"
    public typealias Response = WriteLinkAck

    /// An object, still unread: what is wrong with it comes back as faults.
    public var link: JSONValue
    /// Values by flattened instance id of the new chain, then by key. A module named here has these from its first
    /// sample on and its type's defaults otherwise; one that is not named keeps the values that its id has.
    public var values: [String: [String: JSONScalar]]?
    /// The revision that the chain was made from, as ``ReadLinkAck`` and ``WriteLinkAck`` give it: when another is in
    /// force, the chain is refused instead of taking back what somebody else has changed.
    public var revision: WholeNumber?
    /// One device instead of all that are connected.
    public var device: String?

    public init(
        link: JSONValue,
        values: [String: [String: JSONScalar]]? = nil,
        revision: WholeNumber? = nil,
        device: String? = nil
    ) {
        self.link = link
        self.values = values
        self.revision = revision
        self.device = device
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        link = try container.decode(JSONValue.self, forKey: .link)
        values = try container.decodeIfPresent([String: [String: JSONScalar]].self, forKey: .values)
        revision = try container.decodeIfPresent(WholeNumber.self, forKey: .revision)
        device = try container.decodeIfPresent(String.self, forKey: .device)
        guard case .object = link else {
            throw DecodingError.dataCorruptedError(
                forKey: .link,
                in: container,
                debugDescription: "The field must be an object."
            )
        }
    }
}
