/// Where a value was set.
public enum Origin: Sendable, Hashable, CustomStringConvertible {
    case builtIn
    case file(path: String)
    case environment(variable: String)
    case option(String)

    /// A word for the kind of place, for programs.
    public var kind: String {
        switch self {
        case .builtIn: "default"
        case .file: "file"
        case .environment: "environment"
        case .option: "option"
        }
    }

    /// The path, variable or option; nil for a default.
    public var name: String? {
        switch self {
        case .builtIn: nil
        case .file(let path): path
        case .environment(let variable): variable
        case .option(let option): option
        }
    }

    public var description: String { name ?? "default" }
}
