public import ChainModel

/// Answers ``GetModuleLibrary``: every module type with its ports and parameters.
public struct ModuleLibraryMessage: ControlMessage {
    public static let type = "module_library"

    /// One module type.
    public struct Module: Hashable, Sendable, Codable {
        public var moduleType: String
        /// As `0x16673001`.
        public var typeId: String
        /// The part before `#` of instance ids.
        public var instanceName: String
        public var ports: [Port]
        public var params: [Parameter]
    }

    /// One port of a module type.
    public struct Port: Hashable, Sendable, Codable {
        public var id: String
        public var direction: PortDirection
        /// -1: inherited along the wires; 0: any number, stated by the chain.
        public var channels: Int
        public var required: Bool
    }

    /// One parameter of a module type.
    public struct Parameter: Hashable, Sendable, Codable {
        public var name: String
        /// Number of the parameter on the wire to a device.
        public var paramTypeId: UInt16
        public var dataType: ParameterSchema.DataType
        /// A letter a dimension: `c` channel, `b` band, `k` split, `o` output, `i` input.
        public var dims: [String]
        public var minValue: Float
        public var maxValue: Float
        /// When true, `maxValue` is a fraction of the sample rate.
        public var maxIsOfRate: Bool?
        /// A number, a boolean, or the name of an enumeration's value.
        public var defaultValue: JSONScalar
        public var unit: String
        public var role: ParameterSchema.Role
        public var change: ParameterSchema.Change
        /// Names of an enumeration's values, by index.
        public var values: [String]?
    }

    public var modules: [Module]

    public init(library: ModuleLibrary) {
        modules = library.modules.map(Module.init)
    }
}

extension ModuleLibraryMessage.Module {
    init(_ schema: ModuleSchema) {
        let digits = String(schema.typeId, radix: 16)
        self.init(
            moduleType: schema.moduleType,
            typeId: "0x" + String(repeating: "0", count: 8 - digits.count) + digits,
            instanceName: schema.instanceName,
            ports: schema.ports.map(ModuleLibraryMessage.Port.init),
            params: schema.parameters.map(ModuleLibraryMessage.Parameter.init)
        )
    }
}

extension ModuleLibraryMessage.Port {
    init(_ schema: PortSchema) {
        let channels =
            switch schema.channels {
            case .fixed(let count): count
            case .inherited: PortDescriptor.inherit
            case .free: 0
            }
        self.init(id: schema.id, direction: schema.direction, channels: channels, required: schema.isRequired)
    }
}

extension ModuleLibraryMessage.Parameter {
    init(_ schema: ParameterSchema) {
        self.init(
            name: schema.name,
            paramTypeId: schema.paramTypeId,
            dataType: schema.dataType,
            dims: schema.dims.map(String.init),
            minValue: schema.minValue,
            maxValue: schema.maxValue,
            maxIsOfRate: schema.maxIsOfRate ? true : nil,
            defaultValue: JSONScalar(schema.defaultValue, of: schema),
            unit: schema.unit,
            role: schema.role,
            change: schema.change,
            values: schema.values.isEmpty ? nil : schema.values
        )
    }
}

extension JSONScalar {
    init(_ value: ParameterValue, of schema: ParameterSchema) {
        switch value {
        case .bool(let flag): self = .bool(flag)
        case .int where schema.dataType == .enumeration: self = .string(schema.storeString(for: value))
        // The shortest decimal, so that -0.3 in f32 is written as -0.3.
        case .float, .int: self = .number(Double(value.storeString) ?? value.number)
        }
    }
}
