public import Foundation
public import WireFormats

extension FlattenedChain {
    /// The flat chain as JSON: what `chain flatten` prints and other languages read.
    public var json: JSONValue {
        .object([
            "sampleRate": .integer(Int64(sampleRate)),
            "frameSize": .integer(Int64(frameSize)),
            "externalPorts": .array(
                externalInputs.map { $0.json(.input) } + externalOutputs.map { $0.json(.output) }
            ),
            "modules": .array(
                modules.map { module in
                    .object([
                        "instanceId": .string(module.id.rawValue),
                        "typeId": .string(module.type.moduleType),
                        "enabled": .bool(module.enabled),
                        "ports": .array(
                            module.inputs.map { $0.json(.input) } + module.outputs.map { $0.json(.output) }
                        ),
                    ])
                }
            ),
            "connections": .array(
                connections.map { connection in
                    let from = name(of: connection.from, .output)
                    let to = name(of: connection.to, .input)
                    return .object([
                        "fromModule": .string(from.module),
                        "fromPort": .string(from.port),
                        "toModule": .string(to.module),
                        "toPort": .string(to.port),
                        "channels": .integer(Int64(connection.channels)),
                        "sampleRate": .integer(Int64(connection.sampleRate)),
                    ])
                }
            ),
        ])
    }

    /// The JSON as text, indented, keys in alphabetical order.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(json)
    }

    private func name(of endpoint: FlatEndpoint, _ side: PortDirection) -> (module: String, port: String) {
        switch endpoint {
        case .external(let port):
            (ChainEdge.boundary, (side == .output ? externalInputs : externalOutputs)[port].id)
        case .module(let index, let port):
            (modules[index].id.rawValue, (side == .output ? modules[index].outputs : modules[index].inputs)[port].id)
        }
    }
}

extension FlatPort {
    fileprivate func json(_ direction: PortDirection) -> JSONValue {
        .object([
            "id": .string(id),
            "direction": .string(direction.rawValue),
            "channels": .integer(Int64(channels)),
            "sampleRate": .integer(Int64(sampleRate)),
        ])
    }
}
