/// Another client replaced the chain; ``ReadLink`` gives it.
public struct LinkUpdated: ControlEvent {
    public static let type = "link_updated"

    /// Id of the client that wrote it.
    public var origin: String

    public init(origin: String) {
        self.origin = origin
    }
}
