/// Chooses the card to play to or to listen to. A running engine goes over to it; a stopped one starts with it next.
/// The channels of another card than before are in order.
public struct SetAudioDevice: ControlRequest {
    public static let type = "set_audio_device"
    public typealias Response = AudioDeviceAck

    /// An `id` of ``AudioDeviceList``, or the name of an output; empty for the default output.
    public var deviceId: String

    public init(deviceId: String) {
        self.deviceId = deviceId
    }
}
