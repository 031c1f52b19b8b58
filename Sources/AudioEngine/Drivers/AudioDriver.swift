import CDynamicChain

/// What makes the host process frame after frame: an absolute clock or a sound card; tests have one of their own.
protocol AudioDriver: AnyObject, Sendable {
    /// Begins to call the host.
    func start() throws

    /// Waits until the stream has reached a position, for as long as that should reasonably take.
    func advance(to position: UInt64)

    /// Lets the source be heard, or not: fades it in or out over 20 ms. Any thread.
    func setGate(isOpen: Bool)

    /// Where the gate is with the first frame. Before the start.
    func setGateNow(isOpen: Bool)

    /// The source is faded out and its ring is no longer read. Any thread.
    var isGateShut: Bool { get }

    /// Ends the calls; returns when the last one is over. Does nothing the second time.
    func stop()

    /// Why the driver stopped by itself, if it did.
    var failure: EngineError? { get }

    var counters: DynDriverCounters { get }

    /// What the sound goes to or comes from, when that is a device.
    var deviceName: String? { get }

    /// Delay behind the host's output until the sound leaves the device, in samples.
    var outputLatencySamples: Int { get }

    /// What the driver itself holds the input back by, in samples.
    var inputDelaySamples: Int { get }
}

extension AudioDriver {
    var failure: EngineError? { nil }
    var deviceName: String? { nil }
    var outputLatencySamples: Int { 0 }
    var inputDelaySamples: Int { 0 }
}

/// What a driver needs to know to drive a host.
struct DriverRequest {
    let host: EngineHost
    /// Filled by the source; `nil` for silence, or when the driver brings the input itself.
    let input: AudioRing?
    /// Emptied by the sink; `nil` when nobody listens, or when the driver takes the output itself.
    let output: AudioRing?
    let source: SourceDescription
    let sink: SinkDescription
    /// Of the audio thread; 0 = ordinary scheduling.
    let priority: Int32
}

typealias DriverFactory = @Sendable (DriverRequest) throws -> any AudioDriver
