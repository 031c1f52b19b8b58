import AudioEngine

/// Pieces of a curve, ready to be mapped to a panel.
enum ResponseLines {
    struct Vertex {
        let frequency: Double
        let value: Double
    }

    /// One line through all points that have a value; interrupted where there is none.
    static func plain(_ points: [FrequencyResponse.Point], _ value: (FrequencyResponse.Point) -> Double?) -> [[Vertex]]
    {
        var lines: [[Vertex]] = [[]]
        for point in points {
            if let value = value(point) {
                lines[lines.count - 1].append(Vertex(frequency: point.frequencyHz, value: value))
            } else {
                lines.append([])
            }
        }
        return lines
    }

    /// A continuous phase folded to −180…180, each piece drawn to the edge where it leaves.
    ///
    /// - Parameter continuous: phases that do not jump.
    static func folded(_ continuous: [[Vertex]]) -> [[Vertex]] {
        continuous.flatMap { line in
            var lines: [[Vertex]] = [[]]
            for (index, vertex) in line.enumerated() {
                if index > 0 { cross(line[index - 1], vertex, &lines) }
                lines[lines.count - 1].append(
                    Vertex(frequency: vertex.frequency, value: vertex.value - 360 * Double(turn(vertex.value)))
                )
            }
            return lines
        }
    }

    /// More turns than this between two points are a delay that no plot resolves; the line is just interrupted.
    private static let mostTurns = 20

    private static func turn(_ phase: Double) -> Int {
        Int(((phase + 180) / 360).rounded(.down))
    }

    /// Ends and begins lines at the edges that the phase crosses between two points.
    private static func cross(_ from: Vertex, _ to: Vertex, _ lines: inout [[Vertex]]) {
        let last = turn(to.value)
        var current = turn(from.value)
        guard abs(last - current) <= mostTurns else {
            lines.append([])
            return
        }
        let step = last > current ? 1 : -1
        while current != last {
            let edge = 360 * Double(current) + 180 * Double(step)
            let part = (edge - from.value) / (to.value - from.value)
            let frequency = from.frequency + part * (to.frequency - from.frequency)
            lines[lines.count - 1].append(Vertex(frequency: frequency, value: 180 * Double(step)))
            lines.append([Vertex(frequency: frequency, value: -180 * Double(step))])
            current += step
        }
    }
}
