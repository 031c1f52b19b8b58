import CDynamicChain

/// One chain of modules in the C library, with the memory it lives in.
///
/// Order of calls: `init` parses and checks the link frame; structural parameters; `rebuild()`; further parameters;
/// `process`. Not thread-safe: whoever holds it sees to it that calls do not overlap. `process`, `setParameter` and
/// `setEnabled` neither lock nor allocate once the chain is rebuilt; the audio thread calls the C functions on
/// `pointer` directly.
public final class Chain {
    /// The C chain. Valid as long as this object lives.
    public let pointer: OpaquePointer
    /// Channels of all external inputs together.
    public let inputChannelCount: Int
    /// Channels of all external outputs together.
    public let outputChannelCount: Int
    public let frameSize: Int

    private let memory: UnsafeMutableRawPointer
    private let registry: ModuleRegistry
    private let portChannels: UnsafeMutableBufferPointer<UInt16>

    /// Takes memory for a link frame, parses and checks it.
    ///
    /// - Parameters:
    ///   - frame: DATA of a set_link command.
    ///   - version: Version of the frame's layout, 3 or 4.
    ///   - stages: For each module in the frame's order, the calls of `process` after which it starts; empty = all at
    ///     once.
    /// - Throws: `.frame` for a malformed frame or one whose wires disagree, `.unknown` for a module type that is not
    ///   registered, `.argument` for a configuration out of range. The message has the library's own words.
    public init(
        configuration: ChainConfiguration,
        frame: [UInt8],
        version: UInt32 = 4,
        stages: [Int] = []
    ) throws(DynChainError) {
        let inputs = configuration.inputChannels
        let outputs = configuration.outputChannels
        guard
            let sampleRate = UInt32(exactly: configuration.sampleRate),
            let frameSize = UInt32(exactly: configuration.frameSize),
            (inputs + outputs).allSatisfy({ UInt16(exactly: $0) != nil })
        else {
            throw DynChainError(code: .argument, operation: "Init", message: "sample rate, frame size or channels")
        }
        let portChannels = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: inputs.count + outputs.count + 1)
        _ = portChannels.initialize(from: (inputs + outputs + [0]).map { UInt16($0) })
        var config = DynChainConfig()
        config.abiVersion = DYNCHAIN_ABI_VERSION
        config.structSize = UInt32(MemoryLayout<DynChainConfig>.size)
        config.registry = configuration.registry.pointer
        config.sampleRate = sampleRate
        config.frameSize = frameSize
        config.numInputs = UInt32(inputs.count)
        config.inputChannels = UnsafePointer(portChannels.baseAddress)
        config.numOutputs = UInt32(outputs.count)
        config.outputChannels = portChannels.baseAddress.map { UnsafePointer($0 + inputs.count) }
        config.plainKernels = configuration.usesPlainKernels ? 1 : 0
        config.now = configuration.hasClock ? DynPC_Now : nil

        var memory: UnsafeMutableRawPointer?
        do throws(DynChainError) {
            var size = 0
            try DynChainError.check(
                DynChain_GetMemSize(&config, version, frame, UInt32(frame.count), &size),
                "GetMemSize",
                "link frame of \(frame.count) bytes, version \(version)"
            )
            let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 64)
            memory = bytes
            var chain: OpaquePointer?
            try DynChainError.check(
                DynChain_Init(bytes, size, &config, &chain),
                "Init",
                "\(configuration.sampleRate) Hz, frames of \(configuration.frameSize)"
            )
            guard let chain else {
                throw DynChainError(code: .state, operation: "Init", message: "no chain was returned")
            }
            try Self.load(frame, version: version, into: chain)
            for (module, stage) in stages.enumerated() where stage != 0 {
                try DynChainError.check(
                    DynChain_SetStage(chain, UInt32(module), UInt32(clamping: stage)),
                    "SetStage",
                    "module \(module), stage \(stage)"
                )
            }
            pointer = chain
            self.memory = bytes
        } catch {
            memory?.deallocate()
            portChannels.deallocate()
            throw error
        }
        self.portChannels = portChannels
        registry = configuration.registry
        inputChannelCount = inputs.reduce(0, +)
        outputChannelCount = outputs.reduce(0, +)
        self.frameSize = configuration.frameSize
    }

    deinit {
        _ = DynChain_Destroy(pointer)
        memory.deallocate()
        portChannels.deallocate()
    }

    /// Parses the frame and puts what the library logs into the error.
    private static func load(_ frame: [UInt8], version: UInt32, into chain: OpaquePointer) throws(DynChainError) {
        final class Log { var lines: [String] = [] }
        let log = Log()
        let result = withExtendedLifetime(log) {
            _ = DynChain_SetLogCallback(
                chain,
                { context, level, message in
                    guard let context, let message, level >= 2 else { return }
                    Unmanaged<Log>.fromOpaque(context).takeUnretainedValue().lines.append(String(cString: message))
                },
                Unmanaged.passUnretained(log).toOpaque()
            )
            let result = DynChain_LoadLinkFrame(chain, version, frame, UInt32(frame.count))
            _ = DynChain_SetLogCallback(chain, nil, nil)
            return result
        }
        try DynChainError.check(result, "LoadLinkFrame", log.lines.joined(separator: "; "))
    }

    /// Takes the modules' memory, initialises them and applies the values given so far.
    public func rebuild() throws(DynChainError) {
        try DynChainError.check(DynChain_Rebuild(pointer), "Rebuild", "")
    }

    public var moduleCount: Int { Int(DynChain_ModuleCount(pointer)) }

    /// Instance id of a module; nil when there is no such module.
    public func instanceID(ofModule module: Int) -> String? {
        guard let index = UInt32(exactly: module), index < DynChain_ModuleCount(pointer) else { return nil }
        return DynChain_ModuleId(pointer, index).map { String(cString: $0) }
    }

    /// Latency a module reports now, in samples.
    public func latency(ofModule module: Int) -> Int {
        Int(DynChain_ModuleLatency(pointer, Self.number(module)))
    }

    /// A module's position for the library, which has no module of the largest number.
    static func number(_ module: Int) -> UInt32 {
        UInt32(exactly: module) ?? .max
    }

    /// Processes `count` samples, 1…`frameSize`.
    ///
    /// - Parameters:
    ///   - input: `inputChannelCount` pointers to `count` samples each, port after port.
    ///   - output: `outputChannelCount` pointers; must not overlap the input.
    public func process(
        input: UnsafePointer<UnsafePointer<Float>?>,
        output: UnsafePointer<UnsafeMutablePointer<Float>?>,
        count: Int
    ) throws(DynChainError) {
        let result = DynChain_Process(
            pointer,
            input,
            UInt32(inputChannelCount),
            output,
            UInt32(outputChannelCount),
            UInt32(clamping: count)
        )
        try DynChainError.check(result, "Process", "\(count) samples")
    }

    /// Processes whole arrays, cut into frames; for tests, analysis and tools.
    ///
    /// - Parameter input: A channel an element, all equally long.
    /// - Returns: The output channels, as long as the input.
    public func process(_ input: [[Float]]) throws(DynChainError) -> [[Float]] {
        let length = input.first?.count ?? 0
        guard input.count == inputChannelCount, input.allSatisfy({ $0.count == length }) else {
            throw DynChainError(
                code: .argument,
                operation: "Process",
                message: "\(input.count) input channels where the chain has \(inputChannelCount), or unequal lengths"
            )
        }
        return try process(input, length: length)
    }

    /// Processes `length` samples of a chain, silence where `input` has no channels.
    public func process(_ input: [[Float]], length: Int) throws(DynChainError) -> [[Float]] {
        let source = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, inputChannelCount * length))
        let sink = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, outputChannelCount * length))
        defer {
            source.deallocate()
            sink.deallocate()
        }
        source.initialize(repeating: 0)
        sink.initialize(repeating: 0)
        guard let sourceStart = source.baseAddress, let sinkStart = sink.baseAddress else { return [] }
        for (channel, samples) in input.prefix(inputChannelCount).enumerated() {
            for (index, sample) in samples.prefix(length).enumerated() { source[channel * length + index] = sample }
        }
        var at = 0
        while at < length {
            let count = min(frameSize, length - at)
            let input = (0..<max(1, inputChannelCount)).map {
                UnsafePointer(sourceStart + $0 * length + at) as UnsafePointer<Float>?
            }
            let output = (0..<max(1, outputChannelCount)).map {
                (sinkStart + $0 * length + at) as UnsafeMutablePointer<Float>?
            }
            try process(input: input, output: output, count: count)
            at += count
        }
        return (0..<outputChannelCount).map { channel in Array(sink[(channel * length)..<((channel + 1) * length)]) }
    }
}
