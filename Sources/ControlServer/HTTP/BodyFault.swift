/// Why a request body ended before its end.
enum BodyFault: Error {
    /// The client went, or what it sent is no body.
    case broken
    /// The client sent too slowly.
    case tooSlow
}
