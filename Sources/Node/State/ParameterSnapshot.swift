/// All parameter values as they are stored: by instance and canonical key.
struct ParameterSnapshot: Sendable, Hashable, Codable {
    /// Grows when the form changes.
    var version = 1
    var values: [String: [String: String]]
}
