import Foundation
import Testing

/// Stands where systemd listens for the states of its services.
final class NotificationSocket {
    /// What `NOTIFY_SOCKET` says.
    let name: String
    private let descriptor: Int32

    init() throws {
        #if canImport(Glibc)
            let kind = Int32(SOCK_DGRAM.rawValue)
            // In the abstract name space, which leaves no file behind.
            name = "@soundpost-test-\(UUID().uuidString)"
        #else
            let kind = SOCK_DGRAM
            name = "/tmp/sp-\(UUID().uuidString)"
        #endif
        descriptor = socket(AF_UNIX, kind, 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = name.utf8.map { $0 == UInt8(ascii: "@") ? 0 : $0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let offset = try #require(MemoryLayout.offset(of: \sockaddr_un.sun_path))
        let bound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(offset + path.count))
            }
        }
        try #require(bound == 0)
    }

    deinit {
        close(descriptor)
        if name.hasPrefix("/") { unlink(name) }
    }

    /// Waits for the next message.
    func next() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        try #require(count > 0)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
