public import DynamicChain

/// The module types that chains may use.
public struct ModuleLibrary: Sendable, Hashable {
    public let modules: [ModuleSchema]
    private let positions: [String: Int]

    /// The modules of the C library, which is the one source of their schemas.
    public static let builtIn = ModuleLibrary(registry: .builtIn)

    public init(modules: [ModuleSchema]) {
        self.modules = modules
        positions = Dictionary(
            modules.enumerated().map { ($1.moduleType, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public init(registry: ModuleRegistry) {
        self.init(modules: registry.modules.map(ModuleSchema.init(description:)))
    }

    public subscript(moduleType: String) -> ModuleSchema? {
        positions[moduleType].map { modules[$0] }
    }

    public subscript(typeId typeId: UInt32) -> ModuleSchema? {
        modules.first { $0.typeId == typeId }
    }
}

extension ModuleSchema {
    init(description: ModuleDescription) {
        self.init(
            moduleType: description.typeName,
            typeId: description.typeID,
            instanceName: description.instanceName,
            ports: description.ports.map { port in
                PortSchema(
                    id: port.id,
                    direction: port.isOutput ? .output : .input,
                    isRequired: port.isRequired,
                    channels: port.channels > 0 ? .fixed(port.channels) : port.channels == -1 ? .inherited : .free
                )
            },
            parameters: description.parameters.map(ParameterSchema.init(description:))
        )
    }
}

extension ParameterSchema {
    init(description: ModuleDescription.Parameter) {
        let dataType = DataType(number: description.dataType)
        self.init(
            name: description.name,
            paramTypeId: description.typeID,
            dataType: dataType,
            dims: description.dimensions,
            extents: description.extents,
            minValue: description.minimum,
            maxValue: description.maximum,
            maxIsOfRate: description.maximumIsOfRate,
            defaultValue: dataType.value(description.defaultValue),
            defaultOffDiagonal: description.defaultOffDiagonal.map(dataType.value),
            defaultTable: description.defaultTable.map(dataType.value),
            unit: description.unit,
            role: description.isSystem ? .system : .tunable,
            change: description.isSwitched ? .switched : .ramped,
            isStructural: description.isStructural,
            values: description.values
        )
    }
}

extension ParameterSchema.DataType {
    /// From `DynChainDataType`, whose numbers are 1…6 in this order; the registry refuses others.
    init(number: UInt8) {
        let types: [Self] = [.float, .int32, .uint8, .bool, .enumeration, .floatArray]
        self = types[Int(number) - 1]
    }

    /// A number of the C schema, where all defaults are f32, as a value of this type.
    func value(_ number: Float) -> ParameterValue {
        switch self {
        case .float, .floatArray: .float(number)
        case .int32, .uint8, .enumeration: .int(Int32(number))
        case .bool: .bool(number != 0)
        }
    }
}
