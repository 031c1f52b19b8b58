/// Where the sound goes.
public enum SinkDescription: Sendable, Hashable, CustomStringConvertible {
    /// Nowhere: the chain runs at its rate, the samples are dropped.
    case none
    /// Nowhere either: browsers listen to the chain's output, as they can with every sink.
    case browser
    /// A file in the format of its extension; it is complete when the engine stops.
    case file(path: String)
    /// A sound card's output; without a name the system's default, without channels the first ones in order.
    case card(name: String?, channels: CardChannels? = nil)

    /// Reads the form of the command line: `none`, `browser`, `file:PATH`, `card[@CHANNELS][:NAME]`.
    ///
    /// - Throws: ``EngineError`` `badArgument`.
    public init(argument: String) throws {
        let parts = try EdgeArgument(argument, .output)
        switch (parts.kind, parts.detail) {
        case ("none", nil): self = .none
        case ("browser", nil): self = .browser
        case ("file", let path?): self = .file(path: path)
        case ("card", let name): self = .card(name: name, channels: parts.channels)
        default:
            throw EngineError(
                .badArgument,
                "'\(argument)' is no sink; a sink is none, browser, file:PATH, card, card:NAME or card@3,4:NAME"
            )
        }
    }

    /// The form of the command line.
    public var description: String {
        switch self {
        case .none: "none"
        case .browser: "browser"
        case .file(let path): "file:\(path)"
        case .card(let name, let channels): "card" + (channels.map { "@\($0)" } ?? "") + (name.map { ":\($0)" } ?? "")
        }
    }

    /// Those that were asked for, of a card.
    var cardChannels: CardChannels? {
        if case .card(_, let channels) = self { channels } else { nil }
    }
}
