public import DynamicChain

extension Chain {
    /// Builds a flattened chain on one core with these values, ready to process: for analysis and tools.
    ///
    /// - Parameters:
    ///   - parameters: Checked values; structural ones are set before the chain is built, the others after.
    ///   - registry: Must have the module types of the chain.
    /// - Throws: `LinkFrameFault`, `ParameterFault`, or `DynChainError`.
    public convenience init(
        _ chain: FlattenedChain,
        parameters: [ParameterID: ParameterValue],
        registry: ModuleRegistry
    ) throws {
        try self.init(
            configuration: ChainConfiguration(
                registry: registry,
                sampleRate: chain.sampleRate,
                frameSize: chain.frameSize,
                inputChannels: chain.externalInputs.map(\.channels),
                outputChannels: chain.externalOutputs.map(\.channels)
            ),
            frame: LinkFrame.encode(chain, version: .v4),
            version: LinkFrame.Version.v4.rawValue
        )
        let resolver = ParameterResolver(chain: chain)
        var values: [ParameterResolver.Resolved] = []
        for (id, value) in parameters.sorted(by: { $0.key < $1.key }) {
            values.append(try resolver.resolve(id, value: value))
        }
        for value in values where value.schema.isStructural { try set(value) }
        try rebuild()
        for value in values where !value.schema.isStructural && value.schema.paramTypeId != 0 { try set(value) }
        for (index, module) in chain.modules.enumerated() {
            let enable = parameters[ParameterID(instance: module.id, key: ParameterKey(name: "enable"))]
            try setEnabled(module: index, module.effectiveEnable(parameter: enable != .bool(false)))
        }
    }

    private func set(_ resolved: ParameterResolver.Resolved) throws(DynChainError) {
        try setParameter(
            module: resolved.address.module,
            parameter: resolved.address.paramTypeId,
            index: resolved.address.index,
            value: resolved.schema.dataType == .uint8
                ? [UInt8(truncatingIfNeeded: Int(resolved.value.number))] : resolved.value.bytes
        )
    }
}
