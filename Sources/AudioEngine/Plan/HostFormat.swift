import ChainModel

/// What every plan of one running host has in common. A chain with another format needs another host.
struct HostFormat: Sendable, Hashable {
    /// In Hz.
    let sampleRate: Int
    let frameSize: Int
    /// Channels of all external inputs together.
    let inputs: Int
    /// Channels of all external outputs together.
    let outputs: Int

    init(chain: FlattenedChain) {
        sampleRate = chain.sampleRate
        frameSize = chain.frameSize
        inputs = chain.externalInputs.reduce(0) { $0 + $1.channels }
        outputs = chain.externalOutputs.reduce(0) { $0 + $1.channels }
    }

    /// The length of a frame in nanoseconds.
    var framePeriod: Double { Double(frameSize) * 1e9 / Double(sampleRate) }

    /// Samples that a fade of the C core takes: 20 ms.
    var fadeSamples: Int { sampleRate / 50 + 1 }
}
