import CDynamicChain
import ChainModel

/// One module of a plan: which C chain holds it, and at which place.
struct PlacedModule {
    let module: FlatModule
    let handle: UInt32
    let core: Int
    let indexInCore: Int
    let stage: Int
    /// Of the chain, in Hz.
    let sampleRate: Int
    /// The C chain; valid as long as the plan lives.
    let chain: OpaquePointer

    /// Turns a parameter's name, indices and value into numbers, checked against the module's schema.
    ///
    /// - Throws: ``EngineError`` `unknownParameter` or `badValue`, with the parameter's full name.
    func address(_ key: ParameterKey, _ value: ParameterValue) throws -> ParameterAddress {
        guard let schema = module.type.parameter(named: key.name) else {
            let names = module.type.parameters.map(\.name).joined(separator: ", ")
            throw EngineError(.unknownParameter, "\(module.id) has no parameter '\(key.name)'; it has \(names)")
        }
        let index = try number(of: key)
        var found: UnsafePointer<DynChainParamSchema>?
        guard
            key.indices.count <= schema.dims.count,
            DynChain_ParamInfo(chain, UInt32(indexInCore), schema.paramTypeId, index, &found) == DYNCHAIN_OK
        else {
            throw EngineError(.unknownParameter, "\(module.id) \(key): there is no such element of '\(key.name)'")
        }
        var payload = try payload(key, value, schema: schema)
        if schema.paramTypeId == 0, !module.enabled { payload = .u8(0) }
        return ParameterAddress(
            handle: handle,
            parameter: schema.paramTypeId,
            index: index,
            payload: payload,
            isStructural: schema.isStructural
        )
    }

    /// Whether the chain holds that value already. Only for structural parameters, which never change under the audio
    /// thread.
    func holds(_ address: ParameterAddress) -> Bool {
        var current = [UInt8](repeating: 0, count: address.payload.bytes.count)
        let status = DynChain_GetParamIndexed(
            chain,
            UInt32(indexInCore),
            address.parameter,
            address.index,
            &current,
            UInt32(current.count)
        )
        return status == DYNCHAIN_OK && current == address.payload.bytes
    }

    /// d0, or (d0 << 8) | d1 with two dimensions, 0 with none.
    private func number(of key: ParameterKey) throws -> UInt16 {
        switch key.indices.count {
        case 0:
            return 0
        case 1 where (0...0xFFFF).contains(key.indices[0]):
            return UInt16(key.indices[0])
        case 2 where key.indices.allSatisfy((0...0xFF).contains):
            return UInt16(key.indices[0] << 8 | key.indices[1])
        default:
            throw EngineError(.unknownParameter, "\(module.id) \(key): the indices are out of range")
        }
    }

    private func payload(
        _ key: ParameterKey,
        _ value: ParameterValue,
        schema: ParameterSchema
    ) throws -> ParameterAddress.Payload {
        let payload: ParameterAddress.Payload
        switch (value, schema.dataType) {
        case (.float(let number), .float): payload = .f32(number)
        case (.int(let number), .int32), (.int(let number), .enumeration): payload = .i32(number)
        case (.int(let number), .uint8): payload = .u8(UInt8(clamping: number))
        case (.bool(let flag), .bool): return .u8(flag ? 1 : 0)
        default:
            throw EngineError(
                .badValue,
                "\(module.id) \(key): \(value.storeString) is not of the type \(schema.dataType.rawValue)"
            )
        }
        let low = schema.dataType == .enumeration ? 0 : Double(schema.minValue)
        let high =
            schema.dataType == .enumeration
            ? Double(schema.values.count - 1) : Double(schema.maximum(sampleRate: sampleRate))
        guard low <= value.number, value.number <= high else {
            throw EngineError(.badValue, "\(module.id) \(key): \(value.storeString) is outside \(low)…\(high)")
        }
        return payload
    }
}
