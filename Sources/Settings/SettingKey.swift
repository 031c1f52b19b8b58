/// The name of a setting: a section of the configuration file and a key in it.
public struct SettingKey: Sendable, Hashable, CustomStringConvertible {
    public let section: String
    public let name: String

    public init(_ section: String, _ name: String) {
        self.section = section
        self.name = name
    }

    /// `Backend.ListenUrl`
    public var description: String { "\(section).\(name)" }

    static let environmentPrefix = "SOUNDPOST_"

    /// `SOUNDPOST_BACKEND__LISTENURL`; read in any case of letters.
    public var environmentVariable: String {
        Self.environmentPrefix + "\(section)__\(name)".uppercased()
    }
}
