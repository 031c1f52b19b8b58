import ChainModel
import ControlProtocol

/// Which element of a parameter a message means: the indices stand in the key, in `channel` or in `dimIndices`.
struct ElementReference: Sendable, Hashable {
    /// With as many indices as the message gave.
    private(set) var key: ParameterKey
    /// The field that the indices came from.
    private(set) var indexField: String
    /// Whether indices that the message does not give are 0.
    private let isLenient: Bool

    /// A key that says everything.
    init(exactly key: ParameterKey, field: String) {
        self.key = key
        indexField = field
        isLenient = false
    }

    /// Brings the three ways of giving indices together. They may be given twice, but not differently.
    init(_ paramId: String, channel: WholeNumber?, dimIndices: [WholeNumber]?) throws(ControlError) {
        do throws(ParameterFault) {
            key = try ParameterKey(parsing: paramId)
        } catch {
            throw ControlError(error, paramField: "paramId", indexField: nil, valueField: nil)
        }
        indexField = "paramId"
        isLenient = true
        for (indices, field) in [(channel.map { [$0.value] }, "channel"), (dimIndices?.map(\.value), "dimIndices")] {
            guard let indices, !indices.isEmpty else { continue }
            guard key.indices.isEmpty || key.indices == indices else {
                let known = key.indices.map(String.init).joined(separator: ", ")
                throw ControlError(
                    .badField,
                    "The field says another index than \(indexField), which says \(known).",
                    field: field
                )
            }
            key.indices = indices
            indexField = field
        }
    }

    /// The key with the indices that the parameter has in modules of a type. What was not given is 0, and channel 0 of
    /// a parameter without channels is the parameter. The result may still not exist.
    func completed(for type: ModuleSchema?) -> ParameterKey {
        let alias = ParameterAlias(name: key.name)
        guard isLenient,
            let schema = type?.parameter(named: key.name) ?? alias.flatMap({ type?.parameter(named: $0.target) })
        else { return key }
        var completed = key
        if schema.dims.isEmpty, indexField == "channel", key.indices == [0] {
            completed.indices = []
        } else if key.indices.count < schema.dims.count {
            completed.indices += Array(repeating: 0, count: schema.dims.count - key.indices.count)
        }
        return completed
    }
}

extension ControlError {
    /// A parameter's fault, with the field of the message that is to blame.
    init(_ fault: ParameterFault, paramField: String?, indexField: String?, valueField: String?) {
        let field =
            switch fault.code {
            case .unknownInstance: "instanceId"
            case .badKey, .unknownParameter, .systemParameter: paramField
            case .badIndex: indexField
            default: valueField
            }
        self.init(Code(rawValue: fault.code.rawValue), fault.description, field: field)
    }
}
