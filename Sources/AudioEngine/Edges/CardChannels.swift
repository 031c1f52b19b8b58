import CDynamicChain

/// Which channels of a sound card a chain uses: element i is the card's channel, counted from 1, of the chain's input
/// or output i; 0 is none. What the list does not reach is silent.
public struct CardChannels: Sendable, Hashable, CustomStringConvertible {
    /// Of the card, and elements of the list.
    public static let most = 256

    public let numbers: [Int]

    /// - Throws: ``EngineError`` `badArgument` for a list without a channel, a channel that no card has, or two outputs
    ///   at one channel.
    public init(_ numbers: [Int], of direction: AudioDevice.Direction) throws {
        guard numbers.contains(where: { $0 != 0 }) else {
            throw EngineError(.badArgument, "a list of a card's channels must name at least one, counted from 1")
        }
        guard numbers.count <= Self.most else {
            throw EngineError(
                .badArgument, "a list of a card's channels has at most \(Self.most), not \(numbers.count)")
        }
        if let strange = numbers.first(where: { !(0...Self.most).contains($0) }) {
            throw EngineError(
                .badArgument, "\(strange) is no channel of a card; they are 1 to \(Self.most), and 0 is none")
        }
        if direction == .output {
            var taken: Set<Int> = []
            for number in numbers where number != 0 && !taken.insert(number).inserted {
                throw EngineError(.badArgument, "two outputs of the chain cannot go to the card's channel \(number)")
            }
        }
        self.numbers = numbers
    }

    /// Reads numbers and ranges: `3,4`, `3-6`, `1,0,5`.
    ///
    /// - Throws: ``EngineError`` `badArgument`.
    public init(text: some StringProtocol, of direction: AudioDevice.Direction) throws {
        try self.init(
            text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
                let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
                    .map { $0.first == "+" ? nil : Int($0) }
                guard let first = ends[0], let last = ends[ends.count - 1], 0 <= first, first <= last,
                    last <= Self.most
                else {
                    throw EngineError(
                        .badArgument,
                        "'\(part)' names no channels of a card; 3 or 3-6 does, up to \(Self.most), and 0 is none"
                    )
                }
                return Array(first...last)
            },
            of: direction
        )
    }

    /// The form of the command line.
    public var description: String { numbers.map(String.init).joined(separator: ",") }

    /// Channels that the card must have.
    var highest: Int { numbers.max() ?? 0 }

    /// Calls with the card's channel of each of the chain's `count` channels, as the C drivers want it; with `nil` for
    /// those in order.
    static func withMap<Result>(
        _ channels: CardChannels?,
        of count: Int,
        _ body: (UnsafePointer<UInt16>?) throws -> Result
    ) rethrows -> Result {
        guard let numbers = channels?.numbers else { return try body(nil) }
        let map = (0..<count).map {
            $0 < numbers.count && numbers[$0] > 0 ? UInt16(numbers[$0] - 1) : UInt16(DYNDRIVER_NO_CHANNEL)
        }
        return try map.withUnsafeBufferPointer { try body($0.baseAddress) }
    }
}
