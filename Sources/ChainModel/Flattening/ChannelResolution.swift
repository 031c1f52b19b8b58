/// Channel counts of every point of an expanded chain, and what the file states otherwise.
///
/// The rules are those of the C library: an input takes the channels of its wire; an output those of the module's first
/// input unless its type fixes them or leaves them free.
struct ChannelResolution {
    /// Nil where it cannot be known because of another fault.
    private(set) var channels: [Int?]
    private(set) var faults: [ChainFault] = []

    private let graph: SignalGraph
    private let fallback: Int
    /// Places that were reported: a chain that is used several times is wrong once.
    private var reported: Set<String> = []

    init(_ graph: SignalGraph, order: [Int], globalChannels: Int) {
        self.graph = graph
        channels = Array(repeating: nil, count: graph.points.count)
        let external = graph.externalInputs + graph.externalOutputs
        fallback = external.lazy.compactMap { graph.points[$0].stated.first?.channels }.first ?? globalChannels
        for point in graph.externalInputs { channels[point] = graph.points[point].stated.first?.channels }
        for module in order { resolve(graph.modules[module]) }
        for point in graph.points.indices { check(point) }
    }

    private mutating func resolve(_ module: SignalGraph.Module) {
        guard let schema = module.schema else {
            for point in module.outputs { channels[point] = graph.points[point].stated.first?.channels }
            return
        }
        var first: Int??
        for (input, port) in zip(module.inputs, schema.inputs) {
            let resolved = self.input(input, port, first: first ?? nil)
            channels[input] = resolved
            if first == nil { first = .some(resolved) }
        }
        for (output, port) in zip(module.outputs, schema.outputs) {
            let stated = graph.points[output].stated.first?.channels
            switch port.channels {
            case .fixed(let count): channels[output] = count
            case .free where stated != nil: channels[output] = stated
            case .free, .inherited:
                if let first { channels[output] = first } else { channels[output] = stated ?? fallback }
            }
        }
    }

    private func input(_ point: Int, _ port: PortSchema, first: Int?) -> Int? {
        if case .fixed(let count) = port.channels { return count }
        guard let origin = graph.origin(of: point) else { return nil }
        switch graph.points[origin].kind {
        case .externalInput, .moduleOutput: return channels[origin]
        case .externalOutput, .moduleInput, .junction:
            // Nothing feeds it: what the file states on the way, or what a module without a wire takes.
            return graph.points[point].stated.first?.channels ?? graph.points[origin].stated.first?.channels ?? first
                ?? fallback
        }
    }

    /// Compares what is stated at a point and at the wire to it with what is there.
    private mutating func check(_ point: Int) {
        let at = graph.points[point]
        switch at.kind {
        case .externalInput: return
        case .moduleOutput:
            guard let count = channels[point] else { return }
            for stated in at.stated where stated.channels != count {
                report(stated, "States \(stated.channels) channels, but the output has \(count).")
            }
        case .externalOutput, .moduleInput, .junction:
            guard let origin = graph.origin(of: point), origin != point else { return }
            guard let count = channels[origin] else { return }
            let source = name(of: origin)
            if let wire = at.wire, wire.channels != count {
                report(wire, "States \(wire.channels) channels, but \(source) has \(count).")
            }
            for stated in at.stated where stated.channels != count {
                report(stated, "States \(stated.channels) channels, but \(source), which leads here, has \(count).")
            }
            if case .moduleInput = at.kind, let own = channels[point], own != count,
                !at.stated.contains(where: { $0.channels != count })
            {
                report(
                    LocalChain.Stated(channels: own, path: at.path),
                    "The module type takes \(own) channels here, but \(source) has \(count)."
                )
            }
        }
    }

    private mutating func report(_ stated: LocalChain.Stated, _ message: String) {
        guard reported.insert(stated.path).inserted else { return }
        faults.append(ChainFault(.channelMismatch, path: stated.path, message))
    }

    private func name(of point: Int) -> String {
        switch graph.points[point].kind {
        case .externalInput: "the chain's input"
        case .moduleOutput(let module, _): graph.modules[module].id
        case .externalOutput, .moduleInput, .junction: "a port that nothing feeds"
        }
    }
}
