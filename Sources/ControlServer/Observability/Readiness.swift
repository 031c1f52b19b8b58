import AudioEngine
import Node
import Storage

/// Whether the node should be given work: the body of `GET /readyz`.
struct Readiness: Sendable, Hashable, Codable {
    var ready: Bool
    /// Why it is not.
    var reasons: [String]

    /// - Parameter figures: nil while the node does not run.
    init(_ figures: NodeFigures?) {
        reasons = []
        if let figures {
            if figures.journal.isFailing {
                reasons.append("Changes cannot be written to disk.")
            }
            if let failure = figures.engine.failure {
                reasons.append("The engine has failed: \(failure.message)")
            }
        } else {
            reasons.append("The node is starting or stopping.")
        }
        ready = reasons.isEmpty
    }
}
