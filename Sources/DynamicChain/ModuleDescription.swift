import CDynamicChain

/// A module table read into Swift values: everything about a module type but its functions.
public struct ModuleDescription: Sendable, Hashable {
    /// A port as the table lists it: inputs first.
    public struct Port: Sendable, Hashable {
        public var id: String
        public var isOutput: Bool
        public var isRequired: Bool
        /// A channel count, `DYNCHAIN_CHANNELS_INHERIT` (−1) or `DYNCHAIN_CHANNELS_FREE` (−2).
        public var channels: Int
    }

    /// A parameter with the meaning of `DynChainParamSchema`, number for number.
    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var unit: String
        public var typeID: UInt16
        /// A value of `DynChainDataType`.
        public var dataType: UInt8
        public var isSystem: Bool
        /// Whether the framework cross-fades changes; otherwise the module ramps them.
        public var isSwitched: Bool
        public var isStructural: Bool
        /// Whether `maximum` is a fraction of the sample rate.
        public var maximumIsOfRate: Bool
        /// Letters of `dims`, at most two.
        public var dimensions: [Character]
        /// Sizes of the dimensions; 0 = the channels of a port.
        public var extents: [Int]
        public var minimum: Float
        public var maximum: Float
        public var defaultValue: Float
        /// Default where the two indices differ; nil when one default serves all.
        public var defaultOffDiagonal: Float?
        /// Defaults along the first dimension; empty when one default serves all.
        public var defaultTable: [Float]
        /// Names of an enumeration.
        public var values: [String]
    }

    public var typeName: String
    public var typeID: UInt32
    public var instanceName: String
    public var isGenerator: Bool
    public var ports: [Port]
    /// Parameter 0, `enable`, first.
    public var parameters: [Parameter]

    init(table: ModuleFuncTable) {
        typeName = String(cString: table.typeName)
        typeID = table.typeNumId
        instanceName = String(cString: table.instanceName)
        isGenerator = table.flags & DYNCHAIN_MODULE_GENERATOR != 0
        ports = UnsafeBufferPointer(start: table.ports, count: Int(table.numPorts)).map(Port.init(schema:))
        parameters =
            [Parameter(schema: DynChain_EnableSchema().pointee)]
            + UnsafeBufferPointer(start: table.params, count: Int(table.numParams)).map(Parameter.init(schema:))
    }
}

extension ModuleDescription.Port {
    init(schema: DynChainPortSchema) {
        id = String(cString: schema.id)
        isOutput = schema.isOutput != 0
        isRequired = schema.required != 0
        channels = Int(schema.channels)
    }
}

extension ModuleDescription.Parameter {
    init(schema: DynChainParamSchema) {
        name = String(cString: schema.name)
        unit = String(cString: schema.unit)
        typeID = schema.paramTypeId
        dataType = schema.dataType
        isSystem = schema.role == UInt8(DYNCHAIN_ROLE_SYSTEM.rawValue)
        isSwitched = schema.change == UInt8(DYNCHAIN_CHANGE_SWITCHED.rawValue)
        let flags = UInt32(schema.flags)
        isStructural = flags & DYNCHAIN_PARAM_STRUCTURAL != 0
        maximumIsOfRate = flags & DYNCHAIN_PARAM_MAX_IS_OF_RATE != 0
        let used = [schema.dims.0, schema.dims.1].prefix { $0 != 0 }
        dimensions = used.map { Character(Unicode.Scalar($0)) }
        extents = [Int(schema.extents.0), Int(schema.extents.1)].prefix(used.count).map { $0 }
        minimum = schema.minValue
        maximum = schema.maxValue
        defaultValue = schema.defaultValue
        defaultOffDiagonal = flags & DYNCHAIN_PARAM_DIAGONAL != 0 ? schema.defaultElsewhere : nil
        defaultTable = Array(UnsafeBufferPointer(start: schema.defaultTable, count: Int(schema.numDefaults)))
        values = UnsafeBufferPointer(start: schema.values, count: Int(schema.numValues)).map { name in
            name.map { String(cString: $0) } ?? ""
        }
    }
}
