extension FlatModule {
    /// Sizes of a parameter's dimensions in this instance.
    public func extents(of schema: ParameterSchema) -> [Int] {
        zip(schema.dims, schema.extents).map { letter, extent in
            guard extent == 0 else { return extent }
            return letter == "o" ? outputs.first?.channels ?? 0 : (inputs.first ?? outputs.first)?.channels ?? 0
        }
    }

    /// Keys of all elements of a parameter in this instance.
    public func keys(of schema: ParameterSchema) -> [ParameterKey] {
        extents(of: schema).reduce([ParameterKey(name: schema.name)]) { keys, extent in
            keys.flatMap { key in (0..<extent).map { ParameterKey(name: key.name, indices: key.indices + [$0]) } }
        }
    }

    /// Every parameter element of this instance with its default.
    public var defaultParameters: [(id: ParameterID, value: ParameterValue)] {
        type.parameters.flatMap { schema in
            keys(of: schema).map { key in
                (ParameterID(instance: id, key: key), schema.defaultValue(at: key.indices))
            }
        }
    }
}

extension ParameterSchema {
    /// The word for one of the parameter's dimensions.
    func dimensionName(_ position: Int) -> String {
        switch dims[position] {
        case "c": "channel"
        case "b": "band"
        case "o": "output"
        case "i": "input"
        case "k": "split"
        default: "index"
        }
    }

    func describeIndices(_ extents: [Int]) -> String {
        guard !extents.isEmpty else { return "no index" }
        return extents.indices
            .map { "\(dimensionName($0)) (0…\(max(0, extents[$0] - 1)))" }
            .joined(separator: " and ")
    }
}
