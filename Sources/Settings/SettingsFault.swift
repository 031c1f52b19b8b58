/// What is wrong in one place of the configuration, and what would be right.
public struct SettingsFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, environment variable or option; nil for what several places together have caused.
    public var origin: Origin?
    /// Nil when it is not about a single key.
    public var key: SettingKey?
    public var message: String

    public init(origin: Origin? = nil, key: SettingKey? = nil, _ message: String) {
        self.origin = origin
        self.key = key
        self.message = message
    }

    /// `soundpost.json: AudioEngine.SimCoreCount: 'x' does not fit; it takes …`
    public var description: String {
        let place = [origin.map { "\($0)" }, key.map { "\($0)" }].compactMap(\.self)
        return (place + [message]).joined(separator: ": ")
    }
}

/// Everything that keeps a configuration from being used.
public struct SettingsFaults: Error, Sendable, CustomStringConvertible {
    /// At least one.
    public let faults: [SettingsFault]

    public init(_ faults: [SettingsFault]) {
        self.faults = faults
    }

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}
