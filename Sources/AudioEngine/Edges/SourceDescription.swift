/// Where the sound comes from.
public enum SourceDescription: Sendable, Hashable, CustomStringConvertible {
    /// The built-in program material.
    case generator
    /// `plainOnly`: what is at the path when it is opened must be a plain file, not a link to one.
    case file(path: String, loops: Bool, plainOnly: Bool = false)
    /// A sound card's input; `nil` is the system's default.
    case card(name: String?)
    case silence

    /// Reads the form of the command line: `generator`, `file:PATH` (loops), `card[:NAME]`, `silence`.
    ///
    /// - Throws: ``EngineError`` `badArgument`.
    public init(argument: String) throws {
        let parts = EdgeArgument(argument)
        switch (parts.kind, parts.detail) {
        case ("generator", nil): self = .generator
        case ("silence", nil): self = .silence
        case ("file", let path?): self = .file(path: path, loops: true)
        case ("card", let name): self = .card(name: name)
        default:
            throw EngineError(
                .badArgument,
                "'\(argument)' is no source; a source is generator, file:PATH, card, card:NAME or silence"
            )
        }
    }

    /// The form of the command line.
    public var description: String {
        switch self {
        case .generator: "generator"
        case .file(let path, _, _): "file:\(path)"
        case .card(let name): name.map { "card:\($0)" } ?? "card"
        case .silence: "silence"
        }
    }
}
