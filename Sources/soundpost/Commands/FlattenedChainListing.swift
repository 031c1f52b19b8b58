import AudioEngine
import ChainModel
import Foundation

/// A flattened chain as `chain flatten` prints it.
struct FlattenedChainListing: Encodable {
    struct Port: Encodable {
        let id: String
        let channels: Int
    }

    struct Module: Encodable {
        let instanceId: String
        let moduleType: String
        let enabled: Bool
        let inputs: [Port]
        let outputs: [Port]
    }

    struct End: Encodable {
        /// `$io` for a port of the chain itself.
        let module: String
        let port: String

        var text: String { "\(module).\(port)" }
    }

    struct Wire: Encodable {
        let from: End
        let to: End
        let channels: Int
    }

    let sampleRate: Int
    let frameSize: Int
    let inputs: [Port]
    let outputs: [Port]
    let modules: [Module]
    let connections: [Wire]

    init(_ chain: FlattenedChain) {
        sampleRate = chain.sampleRate
        frameSize = chain.frameSize
        inputs = chain.externalInputs.map { Port(id: $0.id, channels: $0.channels) }
        outputs = chain.externalOutputs.map { Port(id: $0.id, channels: $0.channels) }
        modules = chain.modules.map { module in
            Module(
                instanceId: module.id.rawValue,
                moduleType: module.type.moduleType,
                enabled: module.enabled,
                inputs: module.inputs.map { Port(id: $0.id, channels: $0.channels) },
                outputs: module.outputs.map { Port(id: $0.id, channels: $0.channels) }
            )
        }
        connections = chain.connections.map { wire in
            Wire(
                from: End(chain.source(wire.from)),
                to: End(chain.target(wire.to)),
                channels: wire.channels
            )
        }
    }

    /// The same for people.
    var lines: [String] {
        let ports = { (ports: [Port]) in ports.map { "\($0.id) (\($0.channels))" }.joined(separator: ", ") }
        let idWidth = modules.map(\.instanceId.count).max() ?? 0
        let typeWidth = modules.map(\.moduleType.count).max() ?? 0
        var lines = [
            "rate      \(sampleRate) Hz, frames of \(frameSize) samples",
            "inputs    \(ports(inputs))",
            "outputs   \(ports(outputs))",
            "modules",
        ]
        for (index, module) in modules.enumerated() {
            let number = String(index).padding(toLength: 4, withPad: " ", startingAt: 0)
            let id = module.instanceId.padding(toLength: idWidth + 2, withPad: " ", startingAt: 0)
            let type = module.moduleType.padding(toLength: typeWidth + 2, withPad: " ", startingAt: 0)
            let state = module.enabled ? "" : "  disabled"
            lines.append("  \(number)\(id)\(type)\(ports(module.inputs)) → \(ports(module.outputs))\(state)")
        }
        lines.append("wires")
        lines += connections.map { "  \($0.from.text) → \($0.to.text) (\($0.channels))" }
        return lines
    }
}

extension FlattenedChainListing.End {
    init(_ name: (module: String, port: String)) {
        self.init(module: name.module, port: name.port)
    }
}
