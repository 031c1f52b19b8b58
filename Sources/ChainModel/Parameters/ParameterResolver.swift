/// Checks parameters and values against the modules of a flattened chain (TUN-17).
public struct ParameterResolver: Sendable {
    /// A parameter that exists and a value that it takes.
    public struct Resolved: Sendable, Hashable {
        public var id: ParameterID
        public var value: ParameterValue
        public var schema: ParameterSchema
        public var address: ParameterAddress

        public init(id: ParameterID, value: ParameterValue, schema: ParameterSchema, address: ParameterAddress) {
            self.id = id
            self.value = value
            self.schema = schema
            self.address = address
        }

        /// The value as the parameter store writes it.
        public var storeString: String { schema.storeString(for: value) }

        /// Refuses system parameters, as tuning mode asks.
        ///
        /// - Throws: `system_parameter`.
        public func requireTunable() throws(ParameterFault) {
            guard schema.role == .system else { return }
            throw ParameterFault(
                .systemParameter,
                instance: id.instance.rawValue,
                parameter: id.key.description,
                "is a system parameter; it can be changed in chain_builder mode only."
            )
        }
    }

    public let chain: FlattenedChain
    /// For values that are stated in other units.
    public let conversion: UnitConversion
    private let positions: [InstanceID: Int]

    public init(chain: FlattenedChain, conversion: UnitConversion = UnitConversion()) {
        self.chain = chain
        self.conversion = conversion
        positions = Dictionary(chain.modules.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Position of an instance among the chain's modules.
    public func moduleIndex(of instance: InstanceID) -> Int? {
        positions[instance]
    }

    /// Checks a value as a client states it. Aliases such as `delayMs` become the parameter that they stand for.
    ///
    /// - Throws: What is wrong, with the instance, the parameter and what would be right.
    public func resolve(instance: String, key: String, input: ParameterInput) throws(ParameterFault) -> Resolved {
        let parsed: ParameterKey
        do throws(ParameterFault) {
            parsed = try ParameterKey(parsing: key)
        } catch {
            throw ParameterFault(error.code, instance: instance, parameter: error.parameter, error.reason)
        }
        return try resolve(instance: instance, key: parsed, input: input)
    }

    /// The same for a key that is parsed already.
    public func resolve(
        instance: String,
        key: ParameterKey,
        input: ParameterInput
    ) throws(ParameterFault) -> Resolved {
        let module = try index(of: instance)
        let type = chain.modules[module].type
        if type.parameter(named: key.name) == nil, let alias = ParameterAlias(name: key.name), alias.applies(to: type) {
            let (target, samples) = try alias.resolve(
                instance: instance,
                key: key,
                input: input,
                sampleRate: chain.sampleRate,
                conversion: conversion
            )
            return try checked(module, target, .number(Double(samples)), stated: key)
        }
        return try checked(module, key, input, stated: key)
    }

    /// Checks a value that is typed already, for instance one that was stored.
    public func resolve(_ id: ParameterID, value: ParameterValue) throws(ParameterFault) -> Resolved {
        let input: ParameterInput =
            switch value {
            case .bool(let flag): .bool(flag)
            case .float, .int: .number(value.number)
            }
        return try resolve(instance: id.instance.rawValue, key: id.key, input: input)
    }

    /// The numeric address of a parameter, without a value.
    public func address(of id: ParameterID) throws(ParameterFault) -> ParameterAddress {
        let module = try index(of: id.instance.rawValue)
        let (schema, index) = try element(module, id.key)
        return ParameterAddress(module: module, paramTypeId: schema.paramTypeId, index: index)
    }

    /// Schema of a parameter.
    public func schema(of id: ParameterID) throws(ParameterFault) -> ParameterSchema {
        try element(index(of: id.instance.rawValue), id.key).schema
    }

    private func index(of instance: String) throws(ParameterFault) -> Int {
        guard let id = InstanceID(rawValue: instance), let index = positions[id] else {
            throw ParameterFault(
                .unknownInstance,
                instance: String(instance.prefix(80)),
                chain.modules.isEmpty
                    ? "no such instance; the chain has no modules."
                    : "no such instance; the chain has "
                        + chain.modules.prefix(16).map(\.id.rawValue).joined(separator: ", ")
                        + (chain.modules.count > 16 ? " and \(chain.modules.count - 16) more." : ".")
            )
        }
        return index
    }

    private func checked(
        _ module: Int,
        _ key: ParameterKey,
        _ input: ParameterInput,
        stated: ParameterKey
    ) throws(ParameterFault) -> Resolved {
        let (schema, index) = try element(module, key)
        let instance = chain.modules[module].id
        do throws(ParameterFault) {
            let value = try schema.value(from: input, sampleRate: chain.sampleRate)
            return Resolved(
                id: ParameterID(instance: instance, key: key),
                value: value,
                schema: schema,
                address: ParameterAddress(module: module, paramTypeId: schema.paramTypeId, index: index)
            )
        } catch {
            let name = stated == key ? key.description : "\(stated) (\(key))"
            throw ParameterFault(error.code, instance: instance.rawValue, parameter: name, error.reason)
        }
    }

    /// The schema of a key and the packed index, after checking name and indices.
    private func element(
        _ index: Int,
        _ key: ParameterKey
    ) throws(ParameterFault) -> (schema: ParameterSchema, index: UInt16) {
        let module = chain.modules[index]
        let instance = module.id.rawValue
        guard let schema = module.type.parameter(named: key.name) else {
            throw ParameterFault(
                .unknownParameter,
                instance: instance,
                parameter: key.name,
                "no such parameter; \(module.type.moduleType) has "
                    + module.type.parameters.map(\.name).joined(separator: ", ") + "."
            )
        }
        let extents = module.extents(of: schema)
        guard key.indices.count == extents.count else {
            throw ParameterFault(
                .badIndex,
                instance: instance,
                parameter: key.description,
                "needs \(schema.describeIndices(extents)), for instance "
                    + ParameterKey(name: key.name, indices: extents.map { _ in 0 }).description + "."
            )
        }
        for (position, value) in key.indices.enumerated() where !(0..<extents[position]).contains(value) {
            throw ParameterFault(
                .badIndex,
                instance: instance,
                parameter: key.description,
                "\(schema.dimensionName(position)) \(value) does not exist; 0…\(extents[position] - 1) are possible."
            )
        }
        return (schema, ParameterAddress.pack(key.indices))
    }
}
