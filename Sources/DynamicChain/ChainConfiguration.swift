/// What a `Chain` must know beside its link frame.
public struct ChainConfiguration: Sendable {
    /// Where module types are looked up.
    public var registry: ModuleRegistry
    /// Hz, 8000…384000.
    public var sampleRate: Int
    /// The most samples a `process` call covers, 1…8192.
    public var frameSize: Int
    /// Channels of each external input port.
    public var inputChannels: [Int]
    /// Channels of each external output port.
    public var outputChannels: [Int]
    /// Whether kernels take their plain path.
    public var usesPlainKernels: Bool
    /// Whether modules can be timed; costs nothing until a module is measured.
    public var hasClock: Bool

    public init(
        registry: ModuleRegistry,
        sampleRate: Int,
        frameSize: Int,
        inputChannels: [Int],
        outputChannels: [Int],
        usesPlainKernels: Bool = false,
        hasClock: Bool = true
    ) {
        self.registry = registry
        self.sampleRate = sampleRate
        self.frameSize = frameSize
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.usesPlainKernels = usesPlainKernels
        self.hasClock = hasClock
    }
}
