import Foundation
import NIOCore

/// Where a connection comes from, as limits see it: an IPv4 address, or the network of an IPv6 address, since one host
/// has a whole /64 of those.
struct PeerAddress: Sendable, Hashable {
    private let text: String

    /// - Parameter address: nil for a connection that has gone, all of which count as one peer.
    init(_ address: SocketAddress?) {
        switch address {
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            let isMapped = bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
            text = isMapped ? bytes.suffix(4).map(String.init).joined(separator: ".") : "\(bytes.prefix(8))"
        case let other:
            text = other?.ipAddress ?? ""
        }
    }
}
