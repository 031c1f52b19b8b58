import Foundation

/// systemd, told about the node's state by datagrams (`sd_notify(3)`). Silent when nothing started the node that
/// listens.
struct ServiceManager: Sendable {
    /// Path of a socket; `@` at the beginning stands for the abstract name space of Linux.
    private let socketPath: String

    /// - Parameter environment: with `NOTIFY_SOCKET` where a manager listens.
    init?(environment: [String: String]) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        socketPath = path
    }

    func ready() throws { try send("READY=1") }

    func reloading() throws {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        try send("RELOADING=1\nMONOTONIC_USEC=\(Int(now.tv_sec) * 1_000_000 + Int(now.tv_nsec) / 1000)")
    }

    func stopping() throws { try send("STOPPING=1") }

    /// Threading: any; never waits longer than the kernel's queue is full.
    private func send(_ state: String) throws {
        #if canImport(Glibc)
            let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        #else
            let kind = SOCK_DGRAM
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw CommandFailure("NOTIFY_SOCKET: the path '\(socketPath)' is too long")
        }
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        // Abstract names have no zero at the end; the length says where they stop.
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + path.count)
        let sent = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, state, state.utf8.count, 0, $0, length)
            }
        }
        guard sent == state.utf8.count else { throw failure() }
    }

    private func failure() -> CommandFailure {
        CommandFailure("NOTIFY_SOCKET: '\(socketPath)' does not take messages: \(String(cString: strerror(errno)))")
    }
}
