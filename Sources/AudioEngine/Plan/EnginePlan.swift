import CDynamicChain
import ChainModel
import DynamicChain

/// One plan of the C host with all memory behind it. It must live until the host has retired it, or is gone.
///
/// `@unchecked Sendable`: after `init` the audio thread owns what changes; the control side reads what is constant and
/// calls only functions that the C headers allow beside it, one at a time under the engine's lock.
final class EnginePlan: @unchecked Sendable {
    let chain: FlattenedChain
    let format: HostFormat
    /// Frames that the cut into cores adds.
    let latencyFrames: Int
    let stageCount: Int
    let modules: [InstanceID: PlacedModule]
    let pointer: OpaquePointer
    private let chains: [Chain]
    private let memory: UnsafeMutableRawPointer

    /// - Throws: ``EngineError`` `chainRefused` when the host does not take the plan.
    init(
        chain: FlattenedChain,
        execution: ExecutionPlan,
        chains: [Chain],
        modules: [InstanceID: PlacedModule]
    ) throws {
        let format = HostFormat(chain: chain)
        let rows = modules.values.map {
            DynHostModule(
                handle: $0.handle,
                core: UInt8($0.core),
                module: UInt8($0.indexInCore),
                stage: UInt16(clamping: $0.stage)
            )
        }
        let edges = execution.slots.map(DynHostEdge.init(slot:))
        let inputs = execution.cores.map { UInt16($0.externalInputs.reduce(0, +)) }
        let outputs = execution.cores.map { UInt16($0.externalOutputs.reduce(0, +)) }
        let cores = chains.map { Optional($0.pointer) }
        (memory, pointer) = try cores.withUnsafeBufferPointer { cores in
            try inputs.withUnsafeBufferPointer { inputs in
                try outputs.withUnsafeBufferPointer { outputs in
                    try edges.withUnsafeBufferPointer { edges in
                        try rows.withUnsafeBufferPointer { rows in
                            var config = DynHostPlanConfig(format: format)
                            config.numCores = UInt32(cores.count)
                            config.cores = cores.baseAddress
                            config.coreInputs = inputs.baseAddress
                            config.coreOutputs = outputs.baseAddress
                            config.numEdges = UInt32(edges.count)
                            config.edges = edges.baseAddress
                            config.numModules = UInt32(rows.count)
                            config.modules = rows.baseAddress
                            return try Self.place(&config)
                        }
                    }
                }
            }
        }
        self.chain = chain
        self.format = format
        self.chains = chains
        self.modules = modules
        latencyFrames = execution.latencyFrames
        stageCount = (modules.values.map(\.stage).max() ?? 0) + 1
    }

    deinit {
        memory.deallocate()
    }

    private static func place(
        _ config: inout DynHostPlanConfig
    ) throws -> (memory: UnsafeMutableRawPointer, pointer: OpaquePointer) {
        var size = 0
        var status = DynHostPlan_GetMemSize(&config, &size)
        guard status == DYNCHAIN_OK else {
            throw EngineError(.chainRefused, "the DSP host refuses the plan (code \(status))")
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: Int(DYNCHAIN_ALIGN))
        var pointer: OpaquePointer?
        status = DynHostPlan_Init(memory, size, &config, &pointer)
        guard status == DYNCHAIN_OK, let pointer else {
            memory.deallocate()
            throw EngineError(.chainRefused, "the DSP host refuses the plan (code \(status))")
        }
        return (memory, pointer)
    }

    var coreCount: Int { chains.count }

    /// Gives a value to a plan that does not run yet.
    func apply(_ assignment: ParameterAssignment) throws {
        guard let module = modules[assignment.id.instance] else { return }
        let address = try module.address(assignment.id.key, assignment.value)
        guard !address.isStructural else { return }
        let chain = chains[module.core]
        do {
            if address.parameter == 0 {
                try chain.setEnabled(module: module.indexInCore, address.payload == .u8(1))
            } else {
                try chain.setParameter(
                    module: module.indexInCore,
                    parameter: address.parameter,
                    index: address.index,
                    value: address.payload.bytes
                )
            }
        } catch {
            throw EngineError(.badValue, "\(assignment.id): \(error)")
        }
        DynHostPlan_Refresh(pointer)
    }

    /// Chooses what is measured on a plan that does not run yet.
    func measure(_ instance: InstanceID, _ what: UInt32) {
        guard let module = modules[instance] else { return }
        DynChain_SetMeasure(module.chain, UInt32(module.indexInCore), what)
    }

    /// Latency that a module reported last, in samples; also while the plan runs.
    func latency(of module: PlacedModule) -> Int {
        Int(DynHostPlan_ModuleLatency(pointer, module.handle))
    }

    /// Samples from the chain's input to its output: the frames between cores, and the modules' own latency along the
    /// slowest path.
    var latencySamples: Int {
        var atOutput = [Int](repeating: 0, count: chain.modules.count)
        var atEnd = 0
        var arriving = atOutput
        var next = 0
        func finish(upTo index: Int) {
            while next < index {
                atOutput[next] = arriving[next] + (modules[chain.modules[next].id].map(latency(of:)) ?? 0)
                next += 1
            }
        }
        for connection in chain.connections {
            // Ordered by destination, so a source is finished when it is asked for.
            if case .module(let target, _) = connection.to {
                finish(upTo: target)
            } else {
                finish(upTo: atOutput.count)
            }
            let latency: Int
            switch connection.from {
            case .external: latency = 0
            case .module(let source, _): latency = atOutput[source]
            }
            switch connection.to {
            case .module(let target, _): arriving[target] = max(arriving[target], latency)
            case .external: atEnd = max(atEnd, latency)
            }
        }
        return latencyFrames * format.frameSize + atEnd
    }
}

extension DynHostPlanConfig {
    fileprivate init(format: HostFormat) {
        self.init()
        abiVersion = DYNCHAIN_ABI_VERSION
        structSize = UInt32(MemoryLayout<DynHostPlanConfig>.size)
        sampleRate = UInt32(format.sampleRate)
        frameSize = UInt32(format.frameSize)
        numInputs = UInt32(format.inputs)
        numOutputs = UInt32(format.outputs)
    }
}

extension DynHostEdge {
    fileprivate init(slot: PlannedSlot) {
        self.init()
        fromCore = slot.fromCore.map { UInt8($0) } ?? UInt8(DYNHOST_IO)
        toCore = slot.toCore.map { UInt8($0) } ?? UInt8(DYNHOST_IO)
        fromChannel = UInt16(slot.fromChannel)
        toChannel = UInt16(slot.toChannel)
        channels = UInt16(slot.channels)
        delayFrames = UInt32(slot.delayFrames)
    }
}
