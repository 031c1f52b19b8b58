public import ChainModel

/// Answers ``GetDspChain`` with the chain as it was written, unknown keys included.
public struct DspChain: ControlMessage {
    public static let type = "dsp_chain"

    public var chain: LinkConfig

    public init(chain: LinkConfig) {
        self.chain = chain
    }
}
