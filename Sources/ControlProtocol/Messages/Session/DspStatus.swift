/// The state of devices and simulation: answers ``GetStatus``, and is sent on connect and on every change.
public struct DspStatus: ControlEvent {
    public static let type = "dsp_status"

    /// One device that the node knows.
    public struct Device: Hashable, Sendable, Codable {
        /// The name that `set_param` and device commands use.
        public var device: String
        public var connected: Bool
        /// `tcp`, `serial` or `none`.
        public var `protocol`: String
        /// `host:port` or `port@baud`.
        public var target: String
        /// Whether the device runs the stored chain.
        public var inStep: Bool

        public init(device: String, connected: Bool, protocol: String, target: String, inStep: Bool) {
            self.device = device
            self.connected = connected
            self.protocol = `protocol`
            self.target = target
            self.inStep = inStep
        }
    }

    /// Whether at least one device is connected.
    public var connected: Bool
    /// Protocol of the first connected device, else `none`.
    public var `protocol`: String
    /// Target of the first connected device, else empty.
    public var target: String
    /// Hz, of the chain.
    public var sampleRate: Int
    /// Channels of the chain, from its `global`.
    public var channels: Int
    public var simRunning: Bool
    public var mode: WorkMode
    public var devices: [Device]

    public init(
        connected: Bool,
        protocol: String,
        target: String,
        sampleRate: Int,
        channels: Int,
        simRunning: Bool,
        mode: WorkMode,
        devices: [Device]
    ) {
        self.connected = connected
        self.protocol = `protocol`
        self.target = target
        self.sampleRate = sampleRate
        self.channels = channels
        self.simRunning = simRunning
        self.mode = mode
        self.devices = devices
    }
}
