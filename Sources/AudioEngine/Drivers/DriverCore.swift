import CDynamicChain

/// Owns the C driver that all drivers are made around, and keeps alive what it points to.
///
/// `@unchecked Sendable`: `pointer` is used as the C header allows: one thread drives, any thread reads counters.
final class DriverCore: @unchecked Sendable {
    let pointer: OpaquePointer
    let host: EngineHost
    private let input: AudioRing?
    private let output: AudioRing?

    convenience init(_ request: DriverRequest) throws {
        try self.init(request, input: request.input)
    }

    /// - Parameter input: in place of the request's.
    init(_ request: DriverRequest, input: AudioRing?) throws {
        let format = request.host.format
        var config = DynDriverConfig()
        config.abiVersion = DYNCHAIN_ABI_VERSION
        config.structSize = UInt32(MemoryLayout<DynDriverConfig>.size)
        config.host = request.host.pointer
        config.sampleRate = UInt32(format.sampleRate)
        config.frameSize = UInt32(format.frameSize)
        config.numInputs = UInt32(format.inputs)
        config.numOutputs = UInt32(format.outputs)
        config.input = input?.pointer
        config.output = request.output?.pointer
        let pointer = CardChannels.withMap(request.source.cardChannels, of: format.inputs) { inputMap in
            CardChannels.withMap(request.sink.cardChannels, of: format.outputs) { outputMap in
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
        self.input = input
        output = request.output
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
