public import Foundation
public import WireFormats

/// A file of parameter values: `{"gain#1": {"gainDb#0": -3.5, "mute#1": true}}`.
public struct ParameterFile: Sendable, Hashable {
    /// One value as the file states it.
    public struct Entry: Sendable, Hashable {
        public var instance: String
        public var key: String
        public var input: ParameterInput

        public init(instance: String, key: String, input: ParameterInput) {
            self.instance = instance
            self.key = key
            self.input = input
        }
    }

    /// Sorted by instance and key, so that results do not depend on the order in the file.
    public var entries: [Entry]

    public init(entries: [Entry]) {
        self.entries = entries.sorted { ($0.instance, $0.key) < ($1.instance, $1.key) }
    }

    /// Reads a file.
    ///
    /// - Throws: Every value that is no number, boolean or string, with its path (`gain#1.gainDb#0`); a single fault
    ///   for a file that is too large, nests too deep, or is no JSON object of objects.
    public static func decode(
        _ data: Data,
        maximumBytes: Int = JSONParser.defaultMaximumBytes
    ) throws(ChainFaults) -> ParameterFile {
        let json = try ChainFaults.parse(data, maximumBytes: maximumBytes)
        guard case .object(let instances) = json else {
            throw ChainFaults([.wrongType(path: "", found: json, expected: "an object of instances")])
        }
        var entries: [Entry] = []
        var faults: [ChainFault] = []
        for (instance, value) in instances.sorted(by: { $0.key < $1.key }) {
            guard case .object(let parameters) = value else {
                faults.append(.wrongType(path: instance, found: value, expected: "an object of parameters"))
                continue
            }
            for (key, value) in parameters.sorted(by: { $0.key < $1.key }) {
                if let input = ParameterInput(value) {
                    entries.append(Entry(instance: instance, key: key, input: input))
                } else {
                    faults.append(
                        .wrongType(
                            path: "\(instance).\(key)", found: value, expected: "a number, a boolean or a string")
                    )
                }
            }
        }
        guard faults.isEmpty else { throw ChainFaults(faults) }
        return ParameterFile(entries: entries)
    }

    /// Checks all values against a chain.
    ///
    /// - Throws: Every value that the chain does not take, and every parameter stated twice (`gainDb#0`, `gainDb[0]`).
    public func resolve(in resolver: ParameterResolver) throws(ChainFaults) -> [ParameterID: ParameterValue] {
        var values: [ParameterID: ParameterValue] = [:]
        var faults: [ChainFault] = []
        for entry in entries {
            let path = "\(entry.instance).\(entry.key)"
            do throws(ParameterFault) {
                let resolved = try resolver.resolve(instance: entry.instance, key: entry.key, input: entry.input)
                if values.updateValue(resolved.value, forKey: resolved.id) != nil {
                    faults.append(ChainFault(.duplicateID, path: path, "\(resolved.id) is stated twice."))
                }
            } catch {
                faults.append(ChainFault(code: error.code.rawValue, path: path, message: error.reason))
            }
        }
        guard faults.isEmpty else { throw ChainFaults(faults) }
        return values
    }
}

extension ParameterInput {
    /// Nil for null, arrays and objects.
    init?(_ json: JSONValue) {
        switch json {
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(Double(value))
        case .unsigned(let value): self = .number(Double(value))
        case .number(let value): self = .number(value)
        case .string(let value): self = .string(value)
        case .null, .array, .object: return nil
        }
    }
}
