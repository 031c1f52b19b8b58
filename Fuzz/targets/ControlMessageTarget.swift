import ControlProtocol

private let decoder = MessageDecoder()
private let encoder = MessageEncoder()

/// Texts from clients. Each gives a request or an error; a request that is encoded decodes again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzControlMessage(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let message = decoder.decode(Array(UnsafeBufferPointer(start: data, count: size)))
    guard case .success(let request) = message.request else { return 0 }
    checkRoundTrip(request, message.requestID)
    return 0
}

private func checkRoundTrip(_ request: some ControlRequest, _ requestID: RequestID?) {
    do {
        let text = try encoder.text(request, requestID: requestID)
        let again = decoder.decode(Array(text.utf8))
        require(again.requestID == requestID, "the request id changed in \(text)")
        guard case .success(let same) = again.request else {
            fatalError("encoded as \(text), which is refused: \(again.request)")
        }
        let second = try encoder.text(same, requestID: requestID)
        require(second == text, "changed by a second encoding: \(text)")
    } catch {
        fatalError("does not encode: \(error)")
    }
}
