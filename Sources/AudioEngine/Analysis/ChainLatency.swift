public import ChainModel
import DynamicChain

/// How late signals are in a chain on one core, as its modules report it, and where signals of different age meet.
public struct ChainLatency: Sendable {
    /// A place where branches meet that are not equally late.
    public struct Join: Sendable, Hashable {
        /// One branch and its age.
        public struct Branch: Sendable, Hashable {
            /// The input that the branch ends at: `mixer#1.in2`, or `$io.woofers` for an output of the chain.
            public let target: String
            /// The output that it comes from: `limiter#1.out`.
            public let source: String
            public let samples: Int
        }

        /// The module, or `$io` for the outputs of the chain.
        public let place: String
        /// In port order.
        public let branches: [Branch]

        /// What differs, and which delays would even it out.
        public var explanation: String {
            let latest = branches.map(\.samples).max() ?? 0
            let ages = branches.map { "\($0.target) \($0.samples)" }.joined(separator: ", ")
            let delays = branches.filter { $0.samples < latest }.map {
                "\(latest - $0.samples) samples of delay between \($0.source) and \($0.target)"
            }
            return "branches arrive at different times (samples: \(ages)); to align them, insert "
                + delays.joined(separator: " and ")
        }
    }

    /// Own latency of each module in samples, in the chain's order.
    public let modules: [Int]
    /// Latency of the slowest path to an output, in samples.
    public let total: Int
    /// In processing order, the chain's outputs last.
    public let joins: [Join]

    /// Builds the chain and asks its modules. Parameters matter: a look-ahead is a latency.
    ///
    /// - Throws: What ``Engine`` throws for a chain or value that it cannot run.
    public init(chain: FlattenedChain, parameters: [ParameterID: ParameterValue] = [:]) throws {
        let setup = ChainSetup(chain: chain, parameters: parameters)
        let plan = try PlanBuilder(registry: ModuleRegistry(), handles: InstanceHandles()).build(setup)
        self.init(chain: chain, modules: chain.modules.map { plan.modules[$0.id].map(plan.latency(of:)) ?? 0 })
    }

    /// - Parameter modules: own latency of each module in samples, in the chain's order.
    init(chain: FlattenedChain, modules: [Int]) {
        self.modules = modules
        var ages = modules
        var joins: [Join] = []
        var total = 0
        // Connections are ordered by destination, so what feeds a module is known when the module's own turn comes.
        for group in Self.byTarget(chain) {
            let arrivals = group.map { connection in
                switch connection.from {
                case .external: 0
                case .module(let index, _): ages[index]
                }
            }
            let latest = arrivals.max() ?? 0
            if case .module(let index, _) = group[0].to {
                ages[index] = latest + modules[index]
            } else {
                total = latest
            }
            guard arrivals.contains(where: { $0 < latest }) else { continue }
            joins.append(
                Join(
                    place: chain.target(group[0].to).module,
                    branches: zip(group, arrivals).map { connection, samples in
                        let target = chain.target(connection.to)
                        let source = chain.source(connection.from)
                        return Join.Branch(
                            target: "\(target.module).\(target.port)",
                            source: "\(source.module).\(source.port)",
                            samples: samples
                        )
                    }
                )
            )
        }
        self.total = total
        self.joins = joins
    }

    /// The connections to each module that has inputs, then those to the chain's outputs.
    private static func byTarget(_ chain: FlattenedChain) -> [[FlatConnection]] {
        var groups: [[FlatConnection]] = []
        for connection in chain.connections {
            if let last = groups.last?.last, isSameTarget(last.to, connection.to) {
                groups[groups.count - 1].append(connection)
            } else {
                groups.append([connection])
            }
        }
        return groups
    }

    private static func isSameTarget(_ first: FlatEndpoint, _ second: FlatEndpoint) -> Bool {
        switch (first, second) {
        case (.external, .external): true
        case (.module(let first, _), .module(let second, _)): first == second
        default: false
        }
    }
}

extension FlattenedChain {
    /// Names of the module and port where a wire starts; `$io` is the chain itself.
    public func source(_ endpoint: FlatEndpoint) -> (module: String, port: String) {
        switch endpoint {
        case .external(let port): (ChainEdge.boundary, externalInputs[port].id)
        case .module(let index, let port): (modules[index].id.rawValue, modules[index].outputs[port].id)
        }
    }

    /// Names of the module and port where a wire ends; `$io` is the chain itself.
    public func target(_ endpoint: FlatEndpoint) -> (module: String, port: String) {
        switch endpoint {
        case .external(let port): (ChainEdge.boundary, externalOutputs[port].id)
        case .module(let index, let port): (modules[index].id.rawValue, modules[index].inputs[port].id)
        }
    }
}
