/// What is known of a parameter: its type, range, indices and how it may be changed.
public struct ParameterSchema: Sendable, Hashable {
    /// Types under their names in the module library.
    public enum DataType: String, Sendable, Hashable, Codable, CaseIterable {
        case float, int32, uint8, bool
        case enumeration = "enum"
        case floatArray
    }

    /// Who may change it: a `system` parameter is refused in tuning mode.
    public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
        case tunable, system
    }

    /// How a change is kept from clicking: smoothed per sample, or by a cross-fade of two states.
    public enum Change: String, Sendable, Hashable, Codable, CaseIterable {
        case ramped, switched
    }

    public var name: String
    public var paramTypeId: UInt16
    public var dataType: DataType
    /// `c` channel, `b` band, `o` output, `i` input, `k` split; at most two.
    public var dims: [Character]
    /// Size of each dimension; 0 = the channels of the port that the letter names.
    public var extents: [Int]
    public var minValue: Float
    public var maxValue: Float
    /// Whether `maxValue` is a fraction of the sample rate.
    public var maxIsOfRate: Bool
    /// Default of the first element, of every element unless one of the next two says otherwise.
    public var defaultValue: ParameterValue
    /// Default where the two indices differ.
    public var defaultOffDiagonal: ParameterValue?
    /// Defaults along the first dimension.
    public var defaultTable: [ParameterValue]
    public var unit: String
    public var role: Role
    public var change: Change
    /// Whether it is set before a chain is built and only there: it changes memory or latency.
    public var isStructural: Bool
    /// Names of an enumeration, in the order of their numbers.
    public var values: [String]

    public init(
        name: String,
        paramTypeId: UInt16,
        dataType: DataType,
        dims: [Character] = [],
        extents: [Int] = [],
        minValue: Float = 0,
        maxValue: Float = 1,
        maxIsOfRate: Bool = false,
        defaultValue: ParameterValue,
        defaultOffDiagonal: ParameterValue? = nil,
        defaultTable: [ParameterValue] = [],
        unit: String = "",
        role: Role = .tunable,
        change: Change = .ramped,
        isStructural: Bool = false,
        values: [String] = []
    ) {
        self.name = name
        self.paramTypeId = paramTypeId
        self.dataType = dataType
        self.dims = dims
        self.extents = extents
        self.minValue = minValue
        self.maxValue = maxValue
        self.maxIsOfRate = maxIsOfRate
        self.defaultValue = defaultValue
        self.defaultOffDiagonal = defaultOffDiagonal
        self.defaultTable = defaultTable
        self.unit = unit
        self.role = role
        self.change = change
        self.isStructural = isStructural
        self.values = values
    }

    /// Default of the element with these indices.
    public func defaultValue(at indices: [Int]) -> ParameterValue {
        if let first = indices.first, defaultTable.indices.contains(first) { return defaultTable[first] }
        if let defaultOffDiagonal, indices.count == 2, indices[0] != indices[1] { return defaultOffDiagonal }
        return defaultValue
    }

    /// Largest value at a sample rate.
    public func maximum(sampleRate: Int) -> Float {
        maxIsOfRate ? maxValue * Float(sampleRate) : maxValue
    }

    /// The value as the parameter store writes it; enumerations by name.
    public func storeString(for value: ParameterValue) -> String {
        if dataType == .enumeration, case .int(let number) = value, values.indices.contains(Int(number)) {
            return values[Int(number)]
        }
        return value.storeString
    }
}
