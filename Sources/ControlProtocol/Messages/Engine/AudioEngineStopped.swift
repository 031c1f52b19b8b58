/// The engine has stopped: answers ``StopAudioEngine``, and is sent to every other client.
public struct AudioEngineStopped: ControlEvent {
    public static let type = "audio_engine_stopped"

    public init() {}
}
