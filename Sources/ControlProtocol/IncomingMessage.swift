/// A message from a client after decoding: the request or why there is none, and the id to echo.
public struct IncomingMessage: Sendable {
    /// Echoed in the answer, whether the request is good or not.
    public var requestID: RequestID?
    public var request: Result<any ControlRequest, ControlError>

    public init(requestID: RequestID?, request: Result<any ControlRequest, ControlError>) {
        self.requestID = requestID
        self.request = request
    }
}
