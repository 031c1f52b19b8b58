/// Stops the simulation.
public struct StopAudioEngine: ControlRequest {
    public static let type = "stop_audio_engine"
    public typealias Response = AudioEngineStopped

    public init() {}
}
