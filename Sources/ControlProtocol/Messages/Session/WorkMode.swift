/// What the node is being used for, which decides what clients may change.
public enum WorkMode: String, Hashable, Sendable, Codable, CaseIterable {
    case chainBuilder = "chain_builder"
    case tuning
    case testVerify = "test_verify"
    case legacy
}
