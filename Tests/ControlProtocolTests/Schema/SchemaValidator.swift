import ChainModel
import Foundation
import WireFormats

/// Holds a value against a schema in its JSON form: the keywords that the interface uses, and no others.
struct SchemaValidator {
    /// Why the value does not fit; empty when it does.
    static func faults(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
        return keywords.flatMap { keyword, argument -> [String] in
            switch (keyword, argument) {
            case ("type", .string(let type)):
                return isOf(type, value) ? [] : ["\(path): is no \(type)"]
            case ("enum", .array(let values)):
                return values.contains(value) ? [] : ["\(path): is none of \(values)"]
            case ("pattern", .string(let pattern)):
                guard case .string(let text) = value, text.range(of: pattern, options: .regularExpression) != nil
                else { return ["\(path): does not match \(pattern)"] }
                return []
            case ("minimum", .integer(let bound)):
                if case .integer(let number) = value, number < bound { return ["\(path): is below \(bound)"] }
                return []
            case ("maximum", .integer(let bound)):
                if case .integer(let number) = value, number > bound { return ["\(path): is above \(bound)"] }
                return []
            case ("oneOf", .array(let choices)):
                let fitting = choices.count { faults(value, $0, at: path).isEmpty }
                return fitting == 1 ? [] : ["\(path): fits \(fitting) choices"]
            case ("items", _):
                guard case .array(let elements) = value else { return [] }
                return elements.enumerated().flatMap { faults($1, argument, at: "\(path)[\($0)]") }
            case ("additionalProperties", _):
                guard case .object(let members) = value else { return [] }
                return members.flatMap { faults($1, argument, at: "\(path).\($0)") }
            case ("properties", .object(let properties)):
                guard case .object(let members) = value else { return [] }
                return properties.flatMap { name, property in
                    members[name].map { faults($0, property, at: "\(path).\(name)") } ?? []
                }
            case ("required", .array(let names)):
                guard case .object(let members) = value else { return [] }
                return names.compactMap { name in
                    if case .string(let name) = name, members[name] != nil { nil } else { "\(path): lacks \(name)" }
                }
            case ("contentMediaType", _):
                return []
            default:
                return ["\(path): the keyword \(keyword) is not known"]
            }
        }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .integer),
            ("integer", .unsigned), ("number", .integer), ("number", .unsigned), ("number", .number):
            true
        default:
            false
        }
    }
}
