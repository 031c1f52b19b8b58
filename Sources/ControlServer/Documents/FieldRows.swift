import ControlProtocol

/// A schema as rows of a table: every key with its path, inner objects after the key that holds them.
struct FieldRows {
    struct Row: Hashable {
        /// Such as `devices[].name`; `*` stands for any key.
        var path: String
        /// In words.
        var type: String
        var isRequired: Bool
    }

    private(set) var rows: [Row] = []

    init(_ schema: JSONSchema) {
        add(inside: schema, path: "")
    }

    private mutating func add(inside schema: JSONSchema, path: String) {
        switch schema {
        case .object(let properties):
            for property in properties {
                let inner = path.isEmpty ? property.name : "\(path).\(property.name)"
                rows.append(Row(path: inner, type: Self.words(property.schema), isRequired: property.isRequired))
                add(inside: property.schema, path: inner)
            }
        case .array(let element):
            add(inside: element, path: path + "[]")
        case .map(let value):
            add(inside: value, path: path.isEmpty ? "*" : path + ".*")
        case .any, .boolean, .wholeNumber, .number, .string, .pattern, .binary, .enumeration, .oneOf:
            break
        }
    }

    private static func words(_ schema: JSONSchema) -> String {
        switch schema {
        case .any: "anything"
        case .boolean: "true or false"
        case .wholeNumber(let minimum?, let maximum?): "whole number, \(minimum) to \(maximum)"
        case .wholeNumber(let minimum?, nil): "whole number from \(minimum)"
        case .wholeNumber: "whole number"
        case .number: "number"
        case .string: "string"
        case .pattern(let pattern): "string of the form \(pattern)"
        case .binary: "bytes"
        case .enumeration(let values): values.map { "\"\($0)\"" }.joined(separator: ", ")
        case .array(let element): "list of " + plural(element)
        case .map(let value): "object: any key → " + words(value)
        case .object: "object"
        case .oneOf(let choices): choices.map(words).joined(separator: ", or ")
        }
    }

    private static func plural(_ schema: JSONSchema) -> String {
        switch schema {
        case .string: "strings"
        case .number: "numbers"
        case .wholeNumber(nil, nil): "whole numbers"
        case .object: "objects"
        default: words(schema)
        }
    }
}
