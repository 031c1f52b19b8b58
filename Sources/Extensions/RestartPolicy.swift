/// Whether a process that ended by itself is started again, and when.
///
/// The pause doubles with every end, from half a second to eight, so that no loop eats a processor; the sixth end in
/// a row is the last. A process that was ready for a good while starts anew.
struct RestartPolicy: Sendable, Hashable {
    enum Decision: Hashable, Sendable {
        case again(after: Duration)
        case giveUp
    }

    static let firstPause = Duration.milliseconds(500)
    /// Ends in a row, each before a good while had passed.
    static let mostEnds = 6
    static let goodWhile = Duration.seconds(60)

    private var ends = 0

    /// - Parameter length: how long it was ready.
    mutating func ended(after length: Duration) -> Decision {
        if length >= Self.goodWhile { ends = 0 }
        ends += 1
        guard ends < Self.mostEnds else { return .giveUp }
        return .again(after: Self.firstPause * (1 << (ends - 1)))
    }
}
