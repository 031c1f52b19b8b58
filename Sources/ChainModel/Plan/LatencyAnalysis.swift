public import DynamicChain

/// Where signals that were apart come together with different latency (engine.md 3).
///
/// Latency is reported, not compensated: this names the places and says which delay would make them even.
public struct LatencyAnalysis: Sendable, Hashable {
    /// Where branches meet.
    public enum Join: Sendable, Hashable {
        /// The inputs of a module.
        case module(InstanceID)
        /// The chain's external outputs.
        case outputs
    }

    /// A branch of an uneven join.
    public struct Branch: Sendable, Hashable {
        /// The port that the branch reaches.
        public var port: String
        /// The module that feeds the port; nil for an external input.
        public var source: InstanceID?
        /// Samples from the chain's inputs.
        public var latency: Int
        /// Samples of delay that would make it as late as the latest branch.
        public var missing: Int

        public init(port: String, source: InstanceID?, latency: Int, missing: Int) {
            self.port = port
            self.source = source
            self.latency = latency
            self.missing = missing
        }
    }

    /// A join whose branches differ.
    public struct UnevenJoin: Sendable, Hashable, CustomStringConvertible {
        public var join: Join
        public var branches: [Branch]

        public init(join: Join, branches: [Branch]) {
            self.join = join
            self.branches = branches
        }

        /// Says which branches differ and offers the delays.
        public var description: String {
            let place =
                switch join {
                case .module(let id): "The inputs of \(id)"
                case .outputs: "The chain's outputs"
                }
            let latencies = branches.map { "\($0.port) \($0.latency)" }.joined(separator: ", ")
            let offers = branches.filter { $0.missing > 0 }.map { branch in
                let source = branch.source?.rawValue ?? "the chain's input"
                return "\(branch.missing) in the branch to \(branch.port) (behind \(source))"
            }
            return "\(place) differ in latency, in samples: \(latencies). To align them, delay by "
                + offers.joined(separator: ", and by ") + "."
        }
    }

    /// Latency of each module itself, in the chain's order, in samples.
    public let moduleLatencies: [Int]
    /// Latency from the chain's inputs to each external output, in samples.
    public let outputLatencies: [Int]
    public let unevenJoins: [UnevenJoin]

    /// The latest of all outputs, in samples.
    public var latency: Int { outputLatencies.max() ?? 0 }

    /// Analyses a chain whose modules have these latencies, in the chain's order.
    public init(chain: FlattenedChain, moduleLatencies: [Int]) {
        self.moduleLatencies = moduleLatencies
        var arrival = [Int](repeating: 0, count: chain.modules.count)
        var branches: [[Branch]] = chain.modules.map { _ in [] }
        var outputs: [Branch] = []
        for connection in chain.connections {
            var source: InstanceID?
            var latency = 0
            if case .module(let from, _) = connection.from {
                source = chain.modules[from].id
                latency = arrival[from] + moduleLatencies[from]
            }
            switch connection.to {
            case .module(let to, let port):
                arrival[to] = max(arrival[to], latency)
                branches[to].append(
                    Branch(port: chain.modules[to].inputs[port].id, source: source, latency: latency, missing: 0)
                )
            case .external(let port):
                outputs.append(
                    Branch(port: chain.externalOutputs[port].id, source: source, latency: latency, missing: 0)
                )
            }
        }
        outputLatencies = chain.externalOutputs.map { port in outputs.first { $0.port == port.id }?.latency ?? 0 }
        unevenJoins =
            zip(chain.modules, branches).compactMap { UnevenJoin(.module($0.id), $1) }
            + [UnevenJoin(.outputs, outputs)].compactMap(\.self)
    }

    /// Asks the modules themselves, as built by the C library with these values.
    ///
    /// - Throws: As `Chain.init(_:parameters:registry:)`.
    public init(
        chain: FlattenedChain,
        parameters: [ParameterID: ParameterValue],
        registry: ModuleRegistry
    ) throws {
        let built = try Chain(chain, parameters: parameters, registry: registry)
        self.init(chain: chain, moduleLatencies: chain.modules.indices.map { built.latency(ofModule: $0) })
    }
}

extension LatencyAnalysis.UnevenJoin {
    /// Nil when the branches are even.
    fileprivate init?(_ join: LatencyAnalysis.Join, _ branches: [LatencyAnalysis.Branch]) {
        guard let latest = branches.map(\.latency).max(), branches.contains(where: { $0.latency != latest }) else {
            return nil
        }
        self.init(
            join: join,
            branches: branches.map { branch in
                var branch = branch
                branch.missing = latest - branch.latency
                return branch
            }
        )
    }
}
