/// The engine has stopped.
public struct AudioEngineStopped: ControlEvent {
    public static let type = "audio_engine_stopped"

    public init() {}
}
