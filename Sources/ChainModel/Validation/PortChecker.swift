/// Checks ports and the numbers on ports and wires.
struct PortChecker {
    let global: GlobalSettings
    var faults: [ChainFault] = []

    init(global: GlobalSettings) {
        self.global = global
    }

    /// The stated channel count; nil when it is inherited or out of range.
    mutating func channels(_ stated: Int?, path: String) -> LocalChain.Stated? {
        guard let stated else { return nil }
        guard ChainLimits.channels.contains(stated) else {
            faults.append(
                ChainFault(
                    .outOfRange, path: "\(path).channels", "\(stated) channels; −1 (inherited) or 1…64 is possible.")
            )
            return nil
        }
        return LocalChain.Stated(channels: stated, path: "\(path).channels")
    }

    mutating func sampleRate(_ stated: Int?, path: String) {
        guard let stated, stated != global.sampleRate else { return }
        faults.append(
            ChainFault(
                .rateMismatch,
                path: "\(path).sampleRate",
                "\(stated) Hz in a chain of \(global.sampleRate) Hz; a chain has one sample rate. Use −1 or "
                    + "\(global.sampleRate)."
            )
        )
    }

    /// Ports of a list by direction, without those that are beyond repair.
    mutating func ports(
        _ descriptors: [PortDescriptor],
        path: String,
        channels: PortSchema.Channels = .free,
        isRequired: Bool
    ) -> (inputs: [LocalChain.Port], outputs: [LocalChain.Port]) {
        var ids: Set<String> = []
        var inputs: [LocalChain.Port] = []
        var outputs: [LocalChain.Port] = []
        for (index, descriptor) in descriptors.enumerated() {
            let path = "\(path)[\(index)]"
            if !ChainLimits.portIDLength.contains(descriptor.id.utf8.count) {
                faults.append(ChainFault(.badID, path: "\(path).id", "A port id has 1…255 bytes."))
            } else if !ids.insert(descriptor.id).inserted {
                faults.append(
                    ChainFault(
                        .duplicateID, path: "\(path).id",
                        "The port '\(descriptor.id)' is listed twice; ids must differ.")
                )
                continue
            }
            sampleRate(descriptor.statedSampleRate, path: path)
            let stated = self.channels(descriptor.statedChannels, path: path)
            guard let direction = descriptor.portDirection else {
                faults.append(
                    ChainFault(
                        .badDirection,
                        path: "\(path).direction",
                        "'\(descriptor.direction)' is no direction; use 'input' or 'output'."
                    )
                )
                continue
            }
            let port = LocalChain.Port(
                id: descriptor.id,
                path: path,
                stated: stated.map { [$0] } ?? [],
                isRequired: descriptor.required ?? isRequired,
                channels: channels
            )
            if direction == .input { inputs.append(port) } else { outputs.append(port) }
        }
        return (limited(inputs, "inputs", path), limited(outputs, "outputs", path))
    }

    private mutating func limited(_ list: [LocalChain.Port], _ what: String, _ path: String) -> [LocalChain.Port] {
        guard list.count > ChainLimits.ports else { return list }
        faults.append(
            ChainFault(.tooManyPorts, path: path, "\(list.count) \(what); at most \(ChainLimits.ports) are possible.")
        )
        return Array(list.prefix(ChainLimits.ports))
    }

    /// External ports of a chain; those that a chain without a list has by default.
    mutating func externalPorts(
        of chain: ChainDefinition,
        path: String
    ) -> (inputs: [LocalChain.Port], outputs: [LocalChain.Port]) {
        let listPath = "\(path).externalPorts"
        guard let descriptors = chain.externalPorts else {
            let stated = LocalChain.Stated(channels: global.channels, path: listPath)
            let ports = ["in", "out"].map {
                LocalChain.Port(id: $0, path: listPath, stated: [stated], isRequired: false, channels: .free)
            }
            return ([ports[0]], [ports[1]])
        }
        return ports(descriptors, path: listPath, isRequired: true)
    }

    /// What a node states of its ports, laid over what its module type or sub-graph has.
    ///
    /// - Parameter owner: What has the ports: "The module type gain" and the like.
    mutating func nodePorts(
        _ descriptors: [PortDescriptor]?,
        node: String,
        owner: String,
        inputs: [LocalChain.Port],
        outputs: [LocalChain.Port]
    ) -> (inputs: [LocalChain.Port], outputs: [LocalChain.Port]) {
        guard let descriptors else { return (inputs, outputs) }
        let listPath = "\(node).ports"
        let listed = ports(descriptors, path: listPath, isRequired: true)
        let requirements = Dictionary(
            descriptors.map { ($0.id, $0.required) },
            uniquingKeysWith: { first, _ in first }
        )
        var result = (inputs: inputs, outputs: outputs)
        let misnamed = Set(descriptors.filter { $0.portDirection == nil }.map(\.id))
        merge(listed.inputs, into: &result.inputs, others: outputs, "input", owner, requirements)
        merge(listed.outputs, into: &result.outputs, others: inputs, "output", owner, requirements)
        let ids = Set((listed.inputs + listed.outputs).map(\.id)).union(misnamed)
        for port in inputs + outputs where port.isRequired && !ids.contains(port.id) {
            faults.append(
                ChainFault(
                    .missingPort, path: listPath, "\(owner) has the required port '\(port.id)'; it must be listed.")
            )
        }
        return result
    }

    private mutating func merge(
        _ listed: [LocalChain.Port],
        into known: inout [LocalChain.Port],
        others: [LocalChain.Port],
        _ direction: String,
        _ owner: String,
        _ requirements: [String: Bool?]
    ) {
        for port in listed {
            if let position = known.firstIndex(where: { $0.id == port.id }) {
                known[position].path = port.path
                known[position].stated += port.stated
                if let required = requirements[port.id] ?? nil { known[position].isRequired = required }
            } else if others.contains(where: { $0.id == port.id }) {
                faults.append(
                    ChainFault(
                        .badDirection, path: "\(port.path).direction",
                        "'\(port.id)' of \(owner.lowercasedFirst) is no \(direction).")
                )
            } else {
                faults.append(
                    ChainFault(
                        .unknownPort,
                        path: "\(port.path).id",
                        "\(owner) has no port '\(port.id)'; it has \((known + others).listOfIDs)."
                    )
                )
            }
        }
    }
}

extension [LocalChain.Port] {
    /// Ids for a message; `none` when there are none, the first few when there are many.
    var listOfIDs: String {
        let names = prefix(8).map { "'\($0.id)'" }.joined(separator: ", ")
        return isEmpty ? "none" : count > 8 ? "\(names) and \(count - 8) more" : names
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
