/// The engine has started: answers ``StartAudioEngine``, and is sent to every other client.
public struct AudioEngineStarted: ControlEvent {
    public static let type = "audio_engine_started"

    /// What it plays to: a card's name, a file's name, or `none`.
    public var deviceName: String

    public init(deviceName: String) {
        self.deviceName = deviceName
    }
}
