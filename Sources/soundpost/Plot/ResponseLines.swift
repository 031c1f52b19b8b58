import AudioEngine
import Foundation

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
    /// - Parameters:
    ///   - continuous: phases that do not jump.
    ///   - steepest: degrees per factor e of frequency; where the phase turns faster, edges would run into each other,
    ///     and nothing is drawn.
    static func folded(_ continuous: [[Vertex]], steepest: Double) -> [[Vertex]] {
        continuous.flatMap { line in
            var lines: [[Vertex]] = [[]]
            for (index, vertex) in line.enumerated() {
                if index > 0 { cross(line[index - 1], vertex, steepest, &lines) }
                lines[lines.count - 1].append(
                    Vertex(frequency: vertex.frequency, value: vertex.value - 360 * Double(turn(vertex.value)))
                )
            }
            return lines
        }
    }

    private static func turn(_ phase: Double) -> Int {
        Int(((phase + 180) / 360).rounded(.down))
    }

    /// Ends and begins lines at the edges that the phase crosses between two points.
    private static func cross(_ from: Vertex, _ to: Vertex, _ steepest: Double, _ lines: inout [[Vertex]]) {
        guard abs(to.value - from.value) <= steepest * log(to.frequency / from.frequency) else {
            lines.append([])
            return
        }
        let last = turn(to.value)
        var current = turn(from.value)
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
