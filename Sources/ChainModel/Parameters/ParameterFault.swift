/// Why a parameter or its value is refused: which instance, which parameter, what would be right.
public struct ParameterFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Kind of fault, as sent to clients. New codes may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public static let badKey = Code(rawValue: "bad_key")
        public static let unknownInstance = Code(rawValue: "unknown_instance")
        public static let unknownParameter = Code(rawValue: "unknown_parameter")
        public static let badIndex = Code(rawValue: "bad_index")
        public static let badType = Code(rawValue: "bad_type")
        public static let notFinite = Code(rawValue: "not_finite")
        public static let outOfRange = Code(rawValue: "out_of_range")
        public static let systemParameter = Code(rawValue: "system_parameter")
        public static let tooLarge = Code(rawValue: "too_large")
    }

    public var code: Code
    public var instance: String?
    public var parameter: String?
    /// A clause that follows the instance and the parameter.
    public var reason: String

    public init(_ code: Code, instance: String? = nil, parameter: String? = nil, _ reason: String) {
        self.code = code
        self.instance = instance
        self.parameter = parameter
        self.reason = reason
    }

    /// `gain#1 gainDb#0: 30 is above …`
    public var description: String {
        let subject = [instance, parameter].compactMap(\.self).joined(separator: " ")
        return subject.isEmpty ? reason : "\(subject): \(reason)"
    }
}
