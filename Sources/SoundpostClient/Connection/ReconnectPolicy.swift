/// How long to wait before a lost connection is tried again.
///
/// The delay doubles with every attempt. Each is shortened by a random part of up to a half, so that many clients of a
/// node that comes back do not all come at once.
public struct ReconnectPolicy: Sendable, Hashable {
    /// Before the first attempt.
    public var shortest: Duration
    /// Never longer than this.
    public var longest: Duration

    public init(shortest: Duration = .milliseconds(250), longest: Duration = .seconds(10)) {
        self.shortest = shortest
        self.longest = longest
    }

    /// The delay before an attempt.
    ///
    /// - Parameters:
    ///   - attempt: 1 for the first.
    ///   - spread: a random number, 0…1; 0 gives the full delay.
    func delay(before attempt: Int, spread: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        return min(shortest * (1 << doublings), longest) * (1 - spread / 2)
    }
}
