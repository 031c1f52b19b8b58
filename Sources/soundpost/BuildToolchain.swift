/// What the executable was compiled with and for.
enum BuildToolchain {
    /// The compiler's version as far as source can tell it.
    static let swiftVersion: String = {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }()

    static let platform: String = {
        #if os(Linux)
            let system = "Linux"
        #elseif os(macOS)
            let system = "macOS"
        #else
            let system = "unknown system"
        #endif
        #if arch(x86_64)
            return "\(system) x86-64"
        #elseif arch(arm64)
            return "\(system) arm64"
        #else
            return system
        #endif
    }()
}
