/// Asks for the engine's state and what it uses of the machine.
public struct GetAudioEngineStatus: ControlRequest {
    public static let type = "get_audio_engine_status"
    public typealias Response = AudioEngineStatus

    public init() {}
}
