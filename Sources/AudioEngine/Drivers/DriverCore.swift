import CDynamicChain

/// Owns the C driver that all drivers are made around, and keeps alive what it points to.
///
/// `@unchecked Sendable`: `pointer` is used as the C header allows: one thread drives, any thread reads counters.
final class DriverCore: @unchecked Sendable {
    let pointer: OpaquePointer
    let host: EngineHost
    private let input: AudioRing?
    private let output: AudioRing?

    init(_ request: DriverRequest) throws {
        let format = request.host.format
        var config = DynDriverConfig()
        config.abiVersion = DYNCHAIN_ABI_VERSION
        config.structSize = UInt32(MemoryLayout<DynDriverConfig>.size)
        config.host = request.host.pointer
        config.sampleRate = UInt32(format.sampleRate)
        config.frameSize = UInt32(format.frameSize)
        config.numInputs = UInt32(format.inputs)
        config.numOutputs = UInt32(format.outputs)
        config.input = request.input?.pointer
        config.output = request.output?.pointer
        let none = UInt16(DYNDRIVER_NO_CHANNEL)
        let pointer = Self.withPointer(request.source.cardChannels?.map(of: format.inputs, none: none)) { inputMap in
            Self.withPointer(request.sink.cardChannels?.map(of: format.outputs, none: none)) { outputMap in
                config.inputMap = inputMap
                config.outputMap = outputMap
                return DynDriver_Create(&config)
            }
        }
        guard let pointer else {
            throw EngineError(.chainRefused, "no memory for a driver of frames of \(format.frameSize)")
        }
        self.pointer = pointer
        host = request.host
        input = request.input
        output = request.output
    }

    private static func withPointer<Result>(
        _ map: [UInt16]?,
        _ body: (UnsafePointer<UInt16>?) -> Result
    ) -> Result {
        guard let map else { return body(nil) }
        return map.withUnsafeBufferPointer { body($0.baseAddress) }
    }

    deinit {
        DynDriver_Destroy(pointer)
    }

    var counters: DynDriverCounters {
        var counters = DynDriverCounters()
        DynDriver_GetCounters(pointer, &counters)
        return counters
    }

    var isGateShut: Bool { DynDriver_GateIsShut(pointer) != 0 }

    func setGate(isOpen: Bool) {
        DynDriver_SetGate(pointer, isOpen ? 1 : 0)
    }

    func setGateNow(isOpen: Bool) {
        DynDriver_SetGateNow(pointer, isOpen ? 1 : 0)
    }

    /// Polls the position, which a running driver moves, until it is reached or `patience` is over.
    func wait(for position: UInt64, patience: Duration) {
        let clock = ContinuousClock()
        let end = clock.now + patience
        while host.position < position, clock.now < end {
            PollingPause.oneMillisecond()
        }
    }
}
