public import ChainModel

/// Replaces the chain: checked, written to disk, then faded in while the sound goes on.
public struct WriteLink: ControlRequest {
    public static let type = "write_link"
    public typealias Response = WriteLinkAck

    /// An object, still unread: what is wrong with it comes back as faults.
    public var link: JSONValue
    /// One device instead of all that are connected.
    public var device: String?

    public init(link: JSONValue, device: String? = nil) {
        self.link = link
        self.device = device
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        link = try container.decode(JSONValue.self, forKey: .link)
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
