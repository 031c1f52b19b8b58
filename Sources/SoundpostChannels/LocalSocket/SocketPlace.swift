internal import Foundation

/// In which directory channels meet.
public struct SocketPlace: Sendable, Hashable {
    private let path: String?
    private let environment: [String: String]

    /// `$XDG_RUNTIME_DIR`, else `/tmp/soundpost-UID`.
    public static var userDirectory: SocketPlace { SocketPlace(environment: ProcessInfo.processInfo.environment) }

    /// The user's directory as an environment says it.
    public init(environment: [String: String]) {
        path = nil
        self.environment = environment
    }

    /// A directory of this user's that nobody else may write to.
    public init(directory path: String) {
        self.path = path
        environment = [:]
    }

    func directory(for channel: String) throws(ChannelError) -> RuntimeDirectory {
        if let path { return try RuntimeDirectory(path, channel: channel) }
        return try RuntimeDirectory.ofUser(environment, channel: channel)
    }
}
