public import ChainModel

/// One value for one element of one parameter.
public struct ParameterAssignment: Sendable, Hashable {
    public let id: ParameterID
    public let value: ParameterValue

    public init(id: ParameterID, value: ParameterValue) {
        self.id = id
        self.value = value
    }
}
