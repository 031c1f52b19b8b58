extension FlattenedChain {
    /// Reads a flat chain from an expanded chain without faults; nil if a channel count or an id is missing after all.
    init?(_ graph: SignalGraph, order: [Int], channels: [Int?], global: GlobalSettings, chain: LocalChain) {
        let port: (Int, String) -> FlatPort? = { point, id in
            channels[point].map { FlatPort(id: id, channels: $0, sampleRate: global.sampleRate) }
        }
        let positions = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        var flat: [FlatModule] = []
        for index in order {
            let module = graph.modules[index]
            guard let id = InstanceID(rawValue: module.id), let schema = module.schema else { return nil }
            let inputs = zip(module.inputs, schema.inputs).compactMap { port($0, $1.id) }
            let outputs = zip(module.outputs, schema.outputs).compactMap { port($0, $1.id) }
            guard inputs.count == schema.inputs.count, outputs.count == schema.outputs.count else { return nil }
            flat.append(FlatModule(id: id, type: schema, enabled: module.isEnabled, inputs: inputs, outputs: outputs))
        }
        let externalInputs = zip(graph.externalInputs, chain.inputs).compactMap { port($0, $1.id) }
        let externalOutputs = zip(graph.externalOutputs, chain.outputs).compactMap { point, output in
            graph.points[point].stated.first.map {
                FlatPort(id: output.id, channels: $0.channels, sampleRate: global.sampleRate)
            }
        }

        var connections: [FlatConnection] = []
        let connect = { (point: Int, to: FlatEndpoint) in
            guard let origin = graph.origin(of: point), let count = channels[origin] else { return }
            let from: FlatEndpoint
            switch graph.points[origin].kind {
            case .externalInput(let port): from = .external(port: port)
            case .moduleOutput(let module, let port):
                guard let position = positions[module] else { return }
                from = .module(index: position, port: port)
            case .externalOutput, .moduleInput, .junction: return
            }
            connections.append(FlatConnection(from: from, to: to, channels: count, sampleRate: global.sampleRate))
        }
        for (position, index) in order.enumerated() {
            for (port, point) in graph.modules[index].inputs.enumerated() {
                connect(point, .module(index: position, port: port))
            }
        }
        for (port, point) in graph.externalOutputs.enumerated() { connect(point, .external(port: port)) }

        self.init(
            sampleRate: global.sampleRate,
            frameSize: global.frameSize,
            externalInputs: externalInputs,
            externalOutputs: externalOutputs,
            modules: flat,
            connections: connections
        )
    }
}
