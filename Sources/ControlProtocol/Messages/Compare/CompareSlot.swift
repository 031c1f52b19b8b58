/// One of the two states that are compared.
public enum CompareSlot: String, Hashable, Sendable, Codable, CaseIterable {
    case a, b
}
