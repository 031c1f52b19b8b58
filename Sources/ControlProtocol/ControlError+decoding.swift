import ChainModel
import WireFormats

extension ControlError {
    /// What went wrong while a message was decoded, in the words of the protocol.
    init(decoding error: any Error) {
        switch error {
        case let error as ControlError: self = error
        case let error as DecodingError: self.init(error)
        case let error as JSONFault: self.init(.badJSON, "The message is no JSON text: \(error)")
        default: self.init(.badField, "The message cannot be read: \(error).")
        }
    }

    /// A decoding fault: `bad_field` with the field's path, or `bad_json` without one.
    private init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(.badField, "The field is missing.", field: Self.path(context.codingPath + [key]))
        case .valueNotFound(_, let context) where context.codingPath.isEmpty:
            self.init(.badJSON, "A message is one JSON object, not null.")
        case .valueNotFound(_, let context):
            self.init(.badField, "The field must not be null.", field: Self.path(context.codingPath))
        case .typeMismatch(let type, let context) where context.codingPath.isEmpty:
            self.init(.badJSON, "A message is one JSON object, not something that reads as \(type).")
        case .typeMismatch(let type, let context):
            let expected = Self.name(of: type)
            self.init(.badField, "The field must be \(expected).", field: Self.path(context.codingPath))
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            self.init(.badJSON, "The message is no JSON text.")
        case .dataCorrupted(let context):
            self.init(.badField, context.debugDescription, field: Self.path(context.codingPath))
        @unknown default:
            self.init(.badJSON, "The message cannot be read.")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is Bool.Type: "a boolean"
        case is String.Type: "a string"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is JSONScalar.Type: "a number, a boolean or a string"
        // Foundation names its containers only by these types' descriptions.
        case _ where String(describing: type).hasPrefix("Dictionary"): "an object"
        case _ where String(describing: type).hasPrefix("Array"): "an array"
        default: "of another type"
        }
    }
}
