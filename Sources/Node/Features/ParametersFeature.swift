import ChainModel
import ControlProtocol

/// Parameter values: set, read, and told to the other clients.
final class ParametersFeature: Feature {
    private let state: ChainState
    private let engine: EngineFeature
    private let keeper: ParameterKeeper
    private let clients: ClientDirectory

    init(state: ChainState, engine: EngineFeature, keeper: ParameterKeeper, clients: ClientDirectory) {
        self.state = state
        self.engine = engine
        self.keeper = keeper
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on(setParameter)
        router.on(getParameter)
        router.on(getModuleParameters)
        router.on(applyParameters)
    }

    private func setParameter(_ request: SetParameter, from client: ClientID) throws -> SetParameterAck {
        try DeviceChoice.refuse(request.device)
        let element = try ElementReference(request.paramId, channel: request.channel, dimIndices: request.dimIndices)
        let change: StoredParameter
        do throws(ParameterFault) {
            change = try state.parameters.check(request.value.input, at: element, of: request.instanceId)
        } catch {
            throw ControlError(error, paramField: "paramId", indexField: element.indexField, valueField: "value")
        }
        try commit([change], from: client)
        return SetParameterAck(instanceId: request.instanceId, paramId: change.id.key.description)
    }

    private func applyParameters(_ request: ApplyParameters, from client: ClientID) throws -> ApplyParametersAck {
        var changes: [StoredParameter] = []
        for (key, value) in request.params.sorted(by: { $0.key < $1.key }) {
            let field = "params.\(key)"
            do throws(ParameterFault) {
                let element = ElementReference(exactly: try ParameterKey(parsing: key), field: field)
                changes.append(try state.parameters.check(value.input, at: element, of: request.instanceId))
            } catch {
                throw ControlError(error, paramField: field, indexField: field, valueField: field)
            }
        }
        if let repeated = Dictionary(grouping: changes, by: \.id).first(where: { $0.value.count > 1 })?.key {
            throw ControlError(.badField, "\(repeated.key) is given more than once.", field: "params")
        }
        try commit(changes, from: client)
        return ApplyParametersAck(instanceId: request.instanceId)
    }

    private func getParameter(_ request: GetParameter, from client: ClientID) throws -> GetParameterAck {
        let element = try ElementReference(request.paramId, channel: request.channel, dimIndices: request.dimIndices)
        do throws(ParameterFault) {
            let parameter = try state.parameters.value(at: element, of: request.instanceId)
            return GetParameterAck(
                instanceId: request.instanceId,
                paramId: parameter.id.key.description,
                value: parameter.text
            )
        } catch {
            throw ControlError(error, paramField: "paramId", indexField: element.indexField, valueField: nil)
        }
    }

    private func getModuleParameters(_ request: GetModuleParameters, from client: ClientID) throws -> ModuleParameters {
        do throws(ParameterFault) {
            let params = try state.parameters.strings(of: request.instanceId)
            return ModuleParameters(instanceId: request.instanceId, params: params)
        } catch {
            throw ControlError(error, paramField: nil, indexField: nil, valueField: nil)
        }
    }

    /// Takes checked values over: engine first, because it alone can still refuse; then store, disk and other clients.
    private func commit(_ changes: [StoredParameter], from client: ClientID) throws {
        try engine.set(changes.map(\.assignment))
        state.parameters.store(changes)
        keeper.changed()
        for change in changes {
            let update = ParameterUpdate(
                instanceId: change.id.instance.rawValue,
                paramId: change.id.key.description,
                value: change.text
            )
            clients.broadcast(update, except: client)
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
