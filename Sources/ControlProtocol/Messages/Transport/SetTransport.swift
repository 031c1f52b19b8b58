/// Plays on, pauses, goes to a place of the source, or says what happens at its end. What is absent stays. The sound
/// fades in and out over 20 ms. To play a source that has ended begins it again.
public struct SetTransport: ControlRequest {
    public static let type = "set_transport"
    public typealias Response = TransportStatus

    public var playing: Bool?
    /// From the source's start, milliseconds; kept within the source.
    public var positionMs: Double?
    public var loop: Bool?

    public init(playing: Bool? = nil, positionMs: Double? = nil, loop: Bool? = nil) {
        self.playing = playing
        self.positionMs = positionMs
        self.loop = loop
    }
}
