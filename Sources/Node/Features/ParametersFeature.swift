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
        try apply(try state.parameters.check(request.params, of: request.instanceId, field: "params"), by: author)
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

    /// The same as a string, for a chain to judge that has a place for it.
    var text: String {
        switch self {
        case .bool(let flag): flag.description
        case .number(let number): number.description
        case .string(let text): text
        }
    }
}
