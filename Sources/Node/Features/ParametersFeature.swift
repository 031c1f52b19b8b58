import ChainModel
import ControlProtocol
import Storage

/// Parameter values: set, read, and told to the other clients.
final class ParametersFeature: Feature {
    private let state: ChainState
    private let ledger: ChangeLedger
    private let clients: ClientDirectory

    init(state: ChainState, ledger: ChangeLedger, clients: ClientDirectory) {
        self.state = state
        self.ledger = ledger
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on(setParameter, as: .command)
        router.on(applyParameters, as: .command)
        router.on(getParameter)
        router.on(getModuleParameters)
        router.on(getAllParameters)
    }

    /// Checks values of one module.
    ///
    /// - Parameter field: the message's field with the values, which messages about one value name.
    func check(
        _ params: [String: JSONScalar],
        of instance: String,
        field: String
    ) throws(ControlError) -> [StoredParameter] {
        var changes: [StoredParameter] = []
        for (key, value) in params.sorted(by: { $0.key < $1.key }) {
            let field = "\(field).\(key)"
            do throws(ParameterFault) {
                let element = ElementReference(exactly: try ParameterKey(parsing: key), field: field)
                changes.append(try state.parameters.check(value.input, at: element, of: instance))
            } catch {
                throw ControlError(error, paramField: field, indexField: field, valueField: field)
            }
        }
        if let repeated = Dictionary(grouping: changes, by: \.id).first(where: { $0.value.count > 1 })?.key {
            throw ControlError(.badField, "\(repeated.key) is given more than once.", field: field)
        }
        return changes
    }

    /// Takes checked values over and tells the other clients of those that are new. Not committed yet.
    func apply(
        _ changes: [StoredParameter],
        kind: HistoryEntry.Kind = .parameters,
        title: String? = nil,
        by author: Author
    ) throws(ControlError) {
        for change in changes where change.isSystem && state.parameters.effective(change.journalKey) != change.text {
            if let refusal = ModeRules.systemParameterRefusal(change.id.description, in: state.mode) { throw refusal }
        }
        try ledger.apply(changes.map(ValueChange.init), kind: kind, title: title, by: author)
        for change in changes {
            let update = ParameterUpdate(
                instanceId: change.journalKey.instance,
                paramId: change.journalKey.key,
                value: change.text
            )
            clients.broadcast(update: update, except: author.client)
        }
    }

    private func setParameter(_ request: SetParameter, from author: Author) throws -> SetParameterAck {
        try DeviceChoice.refuse(request.device)
        let element = try ElementReference(request.paramId, channel: request.channel, dimIndices: request.dimIndices)
        let change: StoredParameter
        do throws(ParameterFault) {
            change = try state.parameters.check(request.value.input, at: element, of: request.instanceId)
        } catch {
            throw ControlError(error, paramField: "paramId", indexField: element.indexField, valueField: "value")
        }
        try apply([change], by: author)
        return SetParameterAck(instanceId: request.instanceId, paramId: change.journalKey.key)
    }

    private func applyParameters(_ request: ApplyParameters, from author: Author) throws -> ApplyParametersAck {
        try apply(try check(request.params, of: request.instanceId, field: "params"), by: author)
        return ApplyParametersAck(instanceId: request.instanceId)
    }

    private func getParameter(_ request: GetParameter, from author: Author) throws -> GetParameterAck {
        let element = try ElementReference(request.paramId, channel: request.channel, dimIndices: request.dimIndices)
        do throws(ParameterFault) {
            let parameter = try state.parameters.value(at: element, of: request.instanceId)
            return GetParameterAck(
                instanceId: request.instanceId,
                paramId: parameter.journalKey.key,
                value: parameter.text
            )
        } catch {
            throw ControlError(error, paramField: "paramId", indexField: element.indexField, valueField: nil)
        }
    }

    private func getModuleParameters(_ request: GetModuleParameters, from author: Author) throws -> ModuleParameters {
        do throws(ParameterFault) {
            let params = try state.parameters.strings(of: request.instanceId)
            return ModuleParameters(instanceId: request.instanceId, params: params)
        } catch {
            throw ControlError(error, paramField: nil, indexField: nil, valueField: nil)
        }
    }

    private func getAllParameters(_ request: GetAllParameters, from author: Author) throws -> GetAllParametersAck {
        guard let instance = request.instanceId else {
            return GetAllParametersAck(instances: state.parameters.allStrings)
        }
        do throws(ParameterFault) {
            return GetAllParametersAck(instanceId: instance, params: try state.parameters.allStrings(of: instance))
        } catch {
            throw ControlError(error, paramField: nil, indexField: nil, valueField: nil)
        }
    }
}

extension JSONScalar {
    /// The same for the parameter's schema to judge.
    var input: ParameterInput {
        switch self {
        case .bool(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .string(let text): .string(text)
        }
    }
}
