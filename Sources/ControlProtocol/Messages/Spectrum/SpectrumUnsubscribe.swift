/// Ends ``SpectrumSubscribe``. Without a subscription it does nothing.
public struct SpectrumUnsubscribe: ControlRequest {
    public static let type = "spectrum_unsubscribe"
    public typealias Response = Acknowledgement

    public init() {}
}
