public import ChainModel

/// Answers ``ReadLink`` with the chain as it was written, unknown keys included.
public struct ReadLinkAck: ControlMessage {
    public static let type = "read_link_ack"

    public var success: Bool
    public var link: LinkConfig
    /// Another number after every change of the chain, until the node ends.
    public var revision: Int?

    public init(link: LinkConfig, revision: Int?) {
        success = true
        self.link = link
        self.revision = revision
    }
}
