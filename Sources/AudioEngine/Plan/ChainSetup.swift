public import ChainModel

/// Everything that decides what a chain sounds like: the graph, its values, and how it is spread over cores.
public struct ChainSetup: Sendable, Hashable {
    public var chain: FlattenedChain
    /// What is absent has its default. Values of instances that the chain does not have are ignored.
    public var parameters: [ParameterID: ParameterValue]
    /// Simulated cores, 1…16.
    public var coreCount: Int
    /// Instances without an entry run on core 0.
    public var assignment: [InstanceID: Int]

    public init(
        chain: FlattenedChain,
        parameters: [ParameterID: ParameterValue] = [:],
        coreCount: Int = 1,
        assignment: [InstanceID: Int] = [:]
    ) {
        self.chain = chain
        self.parameters = parameters
        self.coreCount = coreCount
        self.assignment = assignment
    }
}
