/// Asks for the stored chain, sub-graphs included; no device is asked.
public struct GetDspChain: ControlRequest {
    public static let type = "get_dsp_chain"
    public typealias Response = DspChain

    public init() {}
}
