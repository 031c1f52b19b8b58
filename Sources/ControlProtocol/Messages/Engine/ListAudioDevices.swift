/// Asks for the machine's sound cards.
public struct ListAudioDevices: ControlRequest {
    public static let type = "list_audio_devices"
    public typealias Response = AudioDeviceList

    public init() {}
}
