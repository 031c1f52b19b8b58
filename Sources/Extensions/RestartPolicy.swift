/// Whether a process that ended by itself is started again, and when.
///
/// The pause doubles with every end, and so does not become a loop that eats a processor. A process that ran for a good while starts
/// anew; one that ends again and again is given up.
struct RestartPolicy: Sendable {
    enum Decision: Hashable, Sendable {
        case again(after: Duration)
        case giveUp
    }

    static let firstPause = Duration.milliseconds(500)
    static let longestPause = Duration.seconds(30)
    /// Ends in a row, each before a good while had passed.
    static let mostEnds = 6
    static let goodWhile = Duration.seconds(60)

    private var ends = 0

    /// - Parameter length: how long it ran.
    mutating func ended(after length: Duration) -> Decision {
        if length >= Self.goodWhile { ends = 0 }
        ends += 1
        guard ends < Self.mostEnds else { return .giveUp }
        return .again(after: min(Self.firstPause * (1 << (ends - 1)), Self.longestPause))
    }
}
