import Testing

/// The suites that start nodes, one test after the other: each node's audio threads have real-time priority, and dozens
/// of them at once leave two processors no time for anything else.
@Suite(.serialized) enum NodeSuites {}
