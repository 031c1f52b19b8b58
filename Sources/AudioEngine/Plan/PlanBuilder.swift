import CDynamicChain
import ChainModel
import DynamicChain

/// Turns a chain and its values into C chains, ready to run. Everything slow happens here, on the calling thread.
struct PlanBuilder: Sendable {
    let registry: ModuleRegistry
    let handles: InstanceHandles

    /// Builds one C chain a core, with every value applied.
    ///
    /// - Throws: ``EngineError`` `badArgument` for an impossible core count, `unknownParameter` and
    ///   `badValue` for a value, `chainRefused` for what the C core does not take.
    func build(_ setup: ChainSetup) throws -> EnginePlan {
        let execution: ExecutionPlan
        do {
            execution = try ExecutionPlan(
                chain: setup.chain,
                coreCount: setup.coreCount,
                assignment: setup.assignment
            )
        } catch {
            throw EngineError(.badArgument, "the chain does not fit \(setup.coreCount) cores: \(error)")
        }
        do {
            let chains = try execution.cores.map { try makeChain($0, of: setup.chain) }
            let modules = place(execution, chains: chains, chain: setup.chain)
            try apply(setup.parameters, to: modules, chains: chains)
            return try EnginePlan(chain: setup.chain, execution: execution, chains: chains, modules: modules)
        } catch let error as DynChainError {
            throw EngineError(.chainRefused, "the DSP core refuses the chain: \(error)")
        }
    }

    private func makeChain(_ core: CorePlan, of chain: FlattenedChain) throws -> Chain {
        try Chain(
            configuration: ChainConfiguration(
                registry: registry,
                sampleRate: chain.sampleRate,
                frameSize: chain.frameSize,
                inputChannels: core.externalInputs,
                outputChannels: core.externalOutputs
            ),
            frame: core.linkFrame,
            stages: core.stages
        )
    }

    private func place(
        _ execution: ExecutionPlan,
        chains: [Chain],
        chain: FlattenedChain
    ) -> [InstanceID: PlacedModule] {
        var placed: [InstanceID: PlacedModule] = [:]
        for planned in execution.modules {
            let module = chain.modules[planned.index]
            placed[module.id] = PlacedModule(
                module: module,
                handle: handles.handle(of: module.id),
                core: planned.core,
                indexInCore: planned.indexInCore,
                stage: planned.stage,
                sampleRate: chain.sampleRate,
                chain: chains[planned.core].pointer
            )
        }
        return placed
    }

    /// A chain that is not built yet takes every value, structural ones included; `enable` follows when it is.
    private func apply(
        _ parameters: [ParameterID: ParameterValue],
        to modules: [InstanceID: PlacedModule],
        chains: [Chain]
    ) throws {
        var disabled = Set(modules.values.filter { !$0.module.enabled }.map(\.module.id))
        for (id, value) in parameters {
            guard let module = modules[id.instance] else { continue }
            let address = try module.address(id.key, value)
            guard address.parameter != 0 else {
                if address.payload == .u8(0) { disabled.insert(id.instance) }
                continue
            }
            try chains[module.core].setParameter(
                module: module.indexInCore,
                parameter: address.parameter,
                index: address.index,
                value: address.payload.bytes
            )
        }
        for chain in chains { try chain.rebuild() }
        for id in disabled {
            guard let module = modules[id] else { continue }
            try chains[module.core].setEnabled(module: module.indexInCore, false)
        }
    }
}
