import ChainModel

/// Random numbers that are the same for the same seed on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }
}

/// Makes random valid chain files: sub-graphs (nested and used twice), fan-out, joins where the library has modules
/// with several inputs, mixed channel counts, pass-through wires, disabled nodes, ports and wires that state their
/// channels or inherit them, and nodes in any order.
struct RandomChain {
    var library: ModuleLibrary
    var sampleRate = 48_000
    var frameSize = 64
    /// Modules the root chain aims at, sub-graphs' not counted.
    var nodes = 1...12
    var nesting = 3
    var channels = 1...8
    var disabledShare = 0.1

    private var random: SeededGenerator
    private var chains: [String: ChainDefinition] = [:]
    private var outputs: [String: [Int]] = [:]
    /// Modules behind a chain with its sub-graphs, to stay below what a link frame holds.
    private var moduleCounts: [String: Int] = [:]
    private var total = 0

    init(seed: UInt64, library: ModuleLibrary = .builtIn) {
        self.library = library
        random = SeededGenerator(seed: seed)
    }

    /// A valid chain file.
    mutating func link() -> LinkConfig {
        chains = [:]
        outputs = [:]
        moduleCounts = [:]
        total = 0
        let inputs = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: channels, using: &random) }
        makeChain("main", inputs: inputs, count: Int.random(in: nodes, using: &random), depth: 0)
        return LinkConfig(
            rootChainId: "main",
            global: GlobalSettings(channels: inputs[0], sampleRate: sampleRate, frameSize: frameSize),
            chains: chains
        )
    }

    /// Random values in range for about `density` of the chain's parameter elements; delays stay below `longestDelay`.
    mutating func parameters(
        for chain: FlattenedChain,
        density: Double = 0.5,
        longestDelay: Float = 500
    ) -> [ParameterID: ParameterValue] {
        var values: [ParameterID: ParameterValue] = [:]
        for module in chain.modules {
            for schema in module.type.parameters {
                for key in module.keys(of: schema) where random.chance(density) {
                    let value: ParameterValue
                    let highest = schema.maximum(sampleRate: chain.sampleRate)
                    switch schema.dataType {
                    case .float, .floatArray:
                        value = .float(Float.random(in: schema.minValue...highest, using: &random))
                    case .int32, .uint8:
                        let limit = schema.unit == "samples" ? min(highest, longestDelay) : highest
                        value = .int(Int32.random(in: Int32(schema.minValue)...Int32(limit), using: &random))
                    case .bool:
                        value = .bool(
                            schema.paramTypeId == 0 ? !random.chance(disabledShare) : Bool.random(using: &random))
                    case .enumeration: value = .int(Int32.random(in: 0..<Int32(schema.values.count), using: &random))
                    }
                    values[ParameterID(instance: module.id, key: key)] = value
                }
            }
        }
        return values
    }

    /// A random core for each instance; some are left out.
    mutating func assignment(for chain: FlattenedChain, coreCount: Int) -> [InstanceID: Int] {
        var cores: [InstanceID: Int] = [:]
        for module in chain.modules where !random.chance(0.1) {
            cores[module.id] = Int.random(in: 0..<coreCount, using: &random)
        }
        return cores
    }

    /// A signal inside a chain.
    private struct Signal {
        var module: String
        var port: String
        var channels: Int
        var isUsed = false
    }

    private mutating func makeChain(_ id: String, inputs: [Int], count: Int, depth: Int) {
        var signals: [Signal] = []
        var nodes: [ChainNode] = []
        var edges: [ChainEdge] = []
        var modules = 0
        var externalPorts = inputs.enumerated().map { index, channels in
            signals.append(Signal(module: ChainEdge.boundary, port: "in\(index)", channels: channels))
            return port("in\(index)", .input, stating: channels)
        }
        var numbers: [String: Int] = [:]
        for _ in 0..<count where total < 200 {
            if depth < nesting, random.chance(0.25) {
                modules += addSubGraph(to: id, depth: depth, &signals, &nodes, &edges, &numbers)
            } else {
                addModule(&signals, &nodes, &edges, &numbers)
                modules += 1
                total += 1
            }
        }
        // Outputs that lead nowhere leave the chain, and now and then one that is used, or an input, passes through.
        var results: [Int] = []
        for index in signals.indices {
            let isInput = signals[index].module == ChainEdge.boundary
            let isFirstResort = results.isEmpty && index == signals.count - 1
            guard isFirstResort || (isInput ? random.chance(0.1) : !signals[index].isUsed || random.chance(0.1)) else {
                continue
            }
            let name = "out\(results.count)"
            externalPorts.append(port(name, .output, stating: signals[index].channels))
            edges.append(edge(from: signals[index], to: ChainEdge.boundary, name, edges.count))
            results.append(signals[index].channels)
        }
        nodes.shuffle(using: &random)
        edges.shuffle(using: &random)
        chains[id] = ChainDefinition(id: id, name: id, externalPorts: externalPorts, nodes: nodes, edges: edges)
        outputs[id] = results
        moduleCounts[id] = modules
    }

    private mutating func addModule(
        _ signals: inout [Signal],
        _ nodes: inout [ChainNode],
        _ edges: inout [ChainEdge],
        _ numbers: inout [String: Int]
    ) {
        // A required input of fixed width may find no signal that fits; such types are left to hand-written chains.
        let types = library.modules.filter { type in
            type.inputs.allSatisfy { if case .fixed = $0.channels { !$0.isRequired } else { true } }
        }
        guard let type = types.randomElement(using: &random) else { return }
        let id = nextID(type.instanceName, &numbers)
        var ports: [PortDescriptor] = []
        var first: Int?
        for schema in type.inputs {
            var source = 0
            if case .fixed(let count) = schema.channels {
                let fitting = signals.indices.filter { signals[$0].channels == count }
                guard random.chance(0.5), let choice = fitting.randomElement(using: &random) else { continue }
                signals[choice].isUsed = true
                source = choice
            } else {
                source = pick(&signals)
            }
            edges.append(edge(from: signals[source], to: id, schema.id, edges.count))
            let channels = signals[source].channels
            first = first ?? channels
            ports.append(random.chance(0.3) ? port(schema.id, .input, stating: channels) : port(schema.id, .input))
        }
        for schema in type.outputs {
            let stated: Int
            switch schema.channels {
            case .fixed(let count): stated = count
            case .free: stated = Int.random(in: channels, using: &random)
            case .inherited: stated = first ?? Int.random(in: channels, using: &random)
            }
            let mustState = schema.channels == .free || first == nil
            ports.append(
                mustState || random.chance(0.3) ? port(schema.id, .output, stating: stated) : port(schema.id, .output)
            )
            signals.append(Signal(module: id, port: schema.id, channels: stated))
        }
        nodes.append(
            ChainNode(
                instanceId: id,
                moduleType: type.moduleType,
                order: Int.random(in: 0...20, using: &random),
                enabled: !random.chance(disabledShare),
                position: ChainNode.Position(x: Double(nodes.count) * 120, y: 0),
                ports: ports
            )
        )
    }

    /// Returns the modules inside.
    private mutating func addSubGraph(
        to parent: String,
        depth: Int,
        _ signals: inout [Signal],
        _ nodes: inout [ChainNode],
        _ edges: inout [ChainEdge],
        _ numbers: inout [String: Int]
    ) -> Int {
        let sources = (0..<Int.random(in: 1...2, using: &random)).map { _ in pick(&signals) }
        let inputs = sources.map { signals[$0].channels }
        // A chain that exists already, if it fits here: at this depth or below, with the same inputs.
        let suffix = inputs.map(String.init).joined(separator: "x")
        let name = "sub\(depth + 1)_\(suffix)_\(Int.random(in: 0...2, using: &random))"
        if chains[name] == nil {
            makeChain(name, inputs: inputs, count: Int.random(in: 0...4, using: &random), depth: depth + 1)
        } else {
            total += moduleCounts[name] ?? 0
        }
        let id = nextID("group", &numbers)
        var ports: [PortDescriptor] = []
        for (index, source) in sources.enumerated() {
            edges.append(edge(from: signals[source], to: id, "in\(index)", edges.count))
            ports.append(port("in\(index)", .input))
        }
        for (index, channels) in (outputs[name] ?? []).enumerated() {
            ports.append(
                random.chance(0.3) ? port("out\(index)", .output, stating: channels) : port("out\(index)", .output))
            signals.append(Signal(module: id, port: "out\(index)", channels: channels))
        }
        nodes.append(
            ChainNode(
                instanceId: id,
                moduleType: ChainNode.subGraphType,
                subGraphId: name,
                order: Int.random(in: 0...20, using: &random),
                enabled: !random.chance(disabledShare),
                ports: random.chance(0.8) ? ports : nil
            )
        )
        return moduleCounts[name] ?? 0
    }

    /// A source for an input: most often one that leads nowhere yet.
    private mutating func pick(_ signals: inout [Signal]) -> Int {
        let unused = signals.indices.filter { !signals[$0].isUsed }
        let choice =
            random.chance(0.7)
            ? unused.randomElement(using: &random) ?? 0 : Int.random(in: signals.indices, using: &random)
        signals[choice].isUsed = true
        return choice
    }

    private mutating func nextID(_ name: String, _ numbers: inout [String: Int]) -> String {
        numbers[name, default: 0] += 1
        return "\(name)#\(numbers[name] ?? 0)"
    }

    private func port(_ id: String, _ direction: PortDirection, stating channels: Int? = nil) -> PortDescriptor {
        PortDescriptor(
            id: id,
            direction: direction,
            channels: channels ?? PortDescriptor.inherit,
            sampleRate: channels == nil ? PortDescriptor.inherit : sampleRate,
            label: id,
            required: true
        )
    }

    private mutating func edge(from signal: Signal, to module: String, _ port: String, _ number: Int) -> ChainEdge {
        let isStated = random.chance(0.5)
        return ChainEdge(
            id: "e\(number)",
            fromModule: signal.module,
            fromPort: signal.port,
            toModule: module,
            toPort: port,
            channels: isStated ? signal.channels : PortDescriptor.inherit,
            sampleRate: isStated ? sampleRate : PortDescriptor.inherit
        )
    }
}
