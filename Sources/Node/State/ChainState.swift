import AudioEngine
import ChainModel
import ControlProtocol

/// The chain in force with everything that decides how it sounds. Features share it; it lives on the node's actor.
final class ChainState {
    private(set) var link: LinkConfig
    private(set) var chain: FlattenedChain
    /// Counts the chains that were in force since the node's start.
    private(set) var revision = 1
    var parameters: ParameterStore
    /// What the node is used for. Not kept over a restart.
    var mode = WorkMode.chainBuilder
    private let coreCount: Int
    private let assignment: [InstanceID: Int]

    init(
        link: LinkConfig,
        chain: FlattenedChain,
        parameters: ParameterStore,
        coreCount: Int,
        assignment: [InstanceID: Int]
    ) {
        self.link = link
        self.chain = chain
        self.parameters = parameters
        self.coreCount = coreCount
        // A module whose core does not exist runs on core 0.
        self.assignment = assignment.filter { (0..<coreCount).contains($0.value) }
    }

    /// What the engine needs to play the chain in force.
    var setup: ChainSetup {
        setup(chain: chain, parameters: parameters)
    }

    /// What the engine would need to play another chain on the same cores.
    func setup(chain: FlattenedChain, parameters: ParameterStore) -> ChainSetup {
        ChainSetup(chain: chain, parameters: parameters.values, coreCount: coreCount, assignment: assignment)
    }

    /// Takes the place of a state that was in force until now: its clients still have its revisions.
    func follow(_ former: Int) {
        revision = former + 1
    }

    func adopt(_ link: LinkConfig, _ chain: FlattenedChain, _ parameters: ParameterStore) {
        self.link = link
        self.chain = chain
        self.parameters = parameters
        revision += 1
    }
}
