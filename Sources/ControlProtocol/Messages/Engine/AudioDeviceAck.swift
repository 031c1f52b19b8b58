/// Answers ``SetAudioDevice``. After a refusal the devices are as they were.
public struct AudioDeviceAck: Acknowledging {
    public static let type = "audio_device_ack"
    public typealias Request = SetAudioDevice

    public var success: Bool
    /// The card's name; in a refusal, what was asked for.
    public var deviceName: String
    public var error: String?
    public var code: String?
    public var field: String?

    public init(deviceName: String) {
        success = true
        self.deviceName = deviceName
    }

    public static func refusal(of request: SetAudioDevice, because error: ControlError) -> Self {
        Self(deviceName: request.deviceId).refused(because: error)
    }
}
