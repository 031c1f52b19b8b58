/// The engine's state: answers ``GetAudioEngineStatus``, and is sent to every client every 2 seconds.
public struct AudioEngineStatus: ControlEvent {
    public static let type = "audio_engine_status"

    /// Of one processor, for the whole node.
    public var cpuPercent: Double
    /// Resident memory of the node, in 10⁶ bytes.
    public var memoryMB: Double
    public var isRunning: Bool
    /// What it plays to; empty while it does not run.
    public var deviceName: String
    /// Hz; 0 before there is a chain.
    public var sampleRate: Int
    public var frameSize: Int
    public var inputChannels: Int
    public var outputChannels: Int
    /// Simulated cores.
    public var cores: Int
    /// Share of the frame's time that the chain takes, percent.
    public var cpuLoad: Double
    /// Instance ids in processing order.
    public var loadedModules: [String]
    /// From the chain's input to its output.
    public var latencySamples: Int
    /// Behind that, until the sound leaves the card; 0 without one.
    public var deviceLatencySamples: Int
    /// Output samples beyond full scale since the start.
    public var clippedSamples: Int
    /// Frames that were never processed because the driver came too late.
    public var droppedFrames: Int
    /// Why the engine stopped by itself.
    public var failure: String?

    public init(
        cpuPercent: Double,
        memoryMB: Double,
        isRunning: Bool,
        deviceName: String,
        sampleRate: Int,
        frameSize: Int,
        inputChannels: Int,
        outputChannels: Int,
        cores: Int,
        cpuLoad: Double,
        loadedModules: [String],
        latencySamples: Int,
        deviceLatencySamples: Int,
        clippedSamples: Int,
        droppedFrames: Int,
        failure: String?
    ) {
        self.cpuPercent = cpuPercent
        self.memoryMB = memoryMB
        self.isRunning = isRunning
        self.deviceName = deviceName
        self.sampleRate = sampleRate
        self.frameSize = frameSize
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.cores = cores
        self.cpuLoad = cpuLoad
        self.loadedModules = loadedModules
        self.latencySamples = latencySamples
        self.deviceLatencySamples = deviceLatencySamples
        self.clippedSamples = clippedSamples
        self.droppedFrames = droppedFrames
        self.failure = failure
    }
}
