/// Starts the simulation with the devices chosen last. Nothing happens when it runs already.
public struct StartAudioEngine: ControlRequest {
    public static let type = "start_audio_engine"
    public typealias Response = AudioEngineStarted

    /// Hz. The chain decides the rate; another one here is refused.
    public var sampleRate: WholeNumber?

    public init(sampleRate: WholeNumber? = nil) {
        self.sampleRate = sampleRate
    }
}
