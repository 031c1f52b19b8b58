/// Where the sound comes from.
public enum SourceDescription: Sendable, Hashable, CustomStringConvertible {
    /// The built-in program material.
    case generator
    /// `plainOnly`: what is at the path when it is opened must be a plain file, not a link to one.
    case file(path: String, loops: Bool, plainOnly: Bool = false)
    /// A sound card's input; without a name the system's default, without channels the first ones in order.
    case card(name: String?, channels: CardChannels? = nil)
    case silence

    /// Reads the form of the command line: `generator`, `file:PATH` (loops), `card[@CHANNELS][:NAME]`, `silence`.
    ///
    /// - Throws: ``EngineError`` `badArgument`.
    public init(argument: String) throws {
        let parts = try EdgeArgument(argument, .input)
        switch (parts.kind, parts.detail) {
        case ("generator", nil): self = .generator
        case ("silence", nil): self = .silence
        case ("file", let path?): self = .file(path: path, loops: true)
        case ("card", let name): self = .card(name: name, channels: parts.channels)
        default:
            throw EngineError(
                .badArgument,
                "'\(argument)' is no source; a source is generator, file:PATH, card, card:NAME, card@3,4:NAME or "
                    + "silence"
            )
        }
    }

    /// The form of the command line.
    public var description: String {
        switch self {
        case .generator: "generator"
        case .file(let path, _, _): "file:\(path)"
        case .card(let name, let channels): "card" + (channels.map { "@\($0)" } ?? "") + (name.map { ":\($0)" } ?? "")
        case .silence: "silence"
        }
    }

    /// Those that were asked for, of a card.
    var cardChannels: CardChannels? {
        if case .card(_, let channels) = self { channels } else { nil }
    }
}
