/// Processing order of an expanded chain: what feeds a module stands before it; otherwise the order of the nodes.
struct SignalOrder {
    /// Modules that can be ordered: all but those in circles and behind them.
    private(set) var order: [Int] = []
    private(set) var faults: [ChainFault] = []

    init(_ graph: SignalGraph) {
        var successors = [[Int]](repeating: [], count: graph.modules.count)
        var feeders = [Int](repeating: 0, count: graph.modules.count)
        for (index, module) in graph.modules.enumerated() {
            let sources = Set(module.inputs.compactMap { graph.sourceModule(of: $0) })
            feeders[index] = sources.count
            for source in sources { successors[source].append(index) }
        }
        sort(successors, feeders)
        if order.count < graph.modules.count { nameCircles(graph, successors) }
        nameJunctionCircles(graph)
    }

    /// Kahn's algorithm, lowest number first, as the C library sorts.
    private mutating func sort(_ successors: [[Int]], _ feeders: [Int]) {
        var waiting = feeders
        var isPlaced = [Bool](repeating: false, count: feeders.count)
        while let next = waiting.indices.first(where: { !isPlaced[$0] && waiting[$0] == 0 }) {
            isPlaced[next] = true
            order.append(next)
            for successor in successors[next] { waiting[successor] -= 1 }
        }
    }

    private mutating func nameCircles(_ graph: SignalGraph, _ successors: [[Int]]) {
        for circle in StrongComponents.cycles(successors: successors) {
            let members = Set(circle)
            let inputs = circle.flatMap { graph.modules[$0].inputs }
            let wires = inputs.filter { input in graph.sourceModule(of: input).map(members.contains) ?? false }
            let names = circle.map { graph.modules[$0].id }.joined(separator: ", ")
            faults.append(
                ChainFault(
                    .cycle,
                    path: wires.lazy.compactMap { graph.points[$0].wirePath }.first ?? graph.modules[circle[0]].path,
                    circle.count == 1
                        ? "\(names) feeds itself; a chain must not have cycles."
                        : "The modules \(names) feed each other in a circle; a chain must not have cycles."
                )
            )
        }
    }

    /// Pass-through sub-graphs that only feed each other.
    private mutating func nameJunctionCircles(_ graph: SignalGraph) {
        for (index, point) in graph.points.enumerated()
        where point.kind == .junction && point.wirePath != nil && graph.origin(of: index) == nil {
            faults.append(
                ChainFault(
                    .cycle,
                    path: point.wirePath ?? point.path,
                    "This wire is part of, or fed by, a circle of sub-graphs that pass their own output back in."
                )
            )
        }
    }
}
