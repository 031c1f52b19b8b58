public import ChainModel

/// Answers ``ReadLink`` with the chain as it was written, unknown keys included.
public struct ReadLinkAck: ControlMessage {
    public static let type = "read_link_ack"

    public var success: Bool
    public var link: LinkConfig

    public init(link: LinkConfig) {
        success = true
        self.link = link
    }
}
