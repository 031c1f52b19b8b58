/// Groups of a directed graph whose members all reach each other.
///
/// Tarjan's algorithm with an explicit stack: chain files from outside may be deep enough to overflow a thread's own.
enum StrongComponents {
    /// The components with more than one member or a member that leads to itself, members in ascending order.
    static func cycles(successors: [[Int]]) -> [[Int]] {
        var search = Search(successors: successors)
        for start in successors.indices where search.number[start] == nil { search.visit(start) }
        return search.components
            .filter { $0.count > 1 || successors[$0[0]].contains($0[0]) }
            .map { $0.sorted() }
            .sorted { $0[0] < $1[0] }
    }

    private struct Search {
        let successors: [[Int]]
        var number: [Int?]
        var low: [Int]
        var isOpen: [Bool]
        var open: [Int] = []
        var components: [[Int]] = []
        private var next = 0

        init(successors: [[Int]]) {
            self.successors = successors
            number = Array(repeating: nil, count: successors.count)
            low = Array(repeating: 0, count: successors.count)
            isOpen = Array(repeating: false, count: successors.count)
        }

        mutating func visit(_ start: Int) {
            var path: [(vertex: Int, edge: Int)] = []
            enter(start, &path)
            while let (vertex, edge) = path.last {
                if edge < successors[vertex].count {
                    path[path.count - 1].edge += 1
                    let successor = successors[vertex][edge]
                    if let seen = number[successor] {
                        if isOpen[successor] { low[vertex] = min(low[vertex], seen) }
                    } else {
                        enter(successor, &path)
                    }
                } else {
                    path.removeLast()
                    if let parent = path.last?.vertex { low[parent] = min(low[parent], low[vertex]) }
                    if low[vertex] == number[vertex] { close(vertex) }
                }
            }
        }

        private mutating func enter(_ vertex: Int, _ path: inout [(vertex: Int, edge: Int)]) {
            number[vertex] = next
            low[vertex] = next
            next += 1
            open.append(vertex)
            isOpen[vertex] = true
            path.append((vertex, 0))
        }

        private mutating func close(_ root: Int) {
            var members: [Int] = []
            while let vertex = open.popLast() {
                isOpen[vertex] = false
                members.append(vertex)
                if vertex == root { break }
            }
            components.append(members)
        }
    }
}
