#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Foundation

/// In which directory channels meet, and so who may meet there.
public struct SocketPlace: Sendable, Hashable {
    private let path: String?
    private let environment: [String: String]
    /// Whose members meet here beside the user; nil: nobody.
    let group: UInt32?

    /// `$XDG_RUNTIME_DIR`, else `/tmp/soundpost-UID`.
    public static var userDirectory: SocketPlace { SocketPlace(environment: ProcessInfo.processInfo.environment) }

    /// The user's directory as an environment says it.
    public init(environment: [String: String]) {
        path = nil
        self.environment = environment
        group = nil
    }

    /// A directory of this user's that nobody else may write to.
    public init(directory path: String) {
        self.path = path
        environment = [:]
        group = nil
    }

    /// A directory where members of a group meet too, by default only readers of it: servers in it are of its owner,
    /// their clients the owner and members. Both ends ask the kernel for the other's groups.
    ///
    /// - Parameters:
    ///   - path: A directory that the group may enter and only its owner may write to (mode 0750, of the group).
    ///   - group: The group's name or number.
    /// - Throws: `io` when there is no such group.
    public init(directory path: String, group: String) throws(ChannelError) {
        self.path = path
        environment = [:]
        if let number = UInt32(group) {
            self.group = number
        } else if let number = Self.number(ofGroup: group) {
            self.group = number
        } else {
            throw ChannelError(.io, channel: "", "there is no group '\(group)'")
        }
    }

    private static func number(ofGroup name: String) -> UInt32? {
        var bytes = [CChar](repeating: 0, count: 1 << 16)
        var entry = group_entry()
        var found: UnsafeMutablePointer<group_entry>?
        guard getgrnam_r(name, &entry, &bytes, bytes.count, &found) == 0, found != nil else { return nil }
        return entry.gr_gid
    }

    /// - Parameter isServer: A server's directory has to be this user's; a client's may be a member's of the group.
    func directory(for channel: String, isServer: Bool) throws(ChannelError) -> RuntimeDirectory {
        guard let path else { return try RuntimeDirectory.ofUser(environment, channel: channel) }
        return try RuntimeDirectory(path, channel: channel, mayBeOthers: group != nil && !isServer)
    }
}

private typealias group_entry = group
