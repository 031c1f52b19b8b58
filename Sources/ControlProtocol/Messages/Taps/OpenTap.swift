/// Opens a tap: a program on the node's machine reads every sample of a wire through shared memory
/// (docs/protocols/audio-tap.md).
public struct OpenTap: ControlRequest {
    public static let type = "open_tap"
    public typealias Response = TapOpened

    /// Flattened instance id, or `$io` for the chain's own ends.
    public var instanceId: String
    /// What goes in or comes out. Without it, output.
    public var port: SpectrumSubscribe.Point.Port?

    public init(instanceId: String, port: SpectrumSubscribe.Point.Port? = nil) {
        self.instanceId = instanceId
        self.port = port
    }
}
