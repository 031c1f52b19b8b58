public import Foundation

/// Certificate chain and private key, both in PEM.
public struct TLSFiles: Sendable, Hashable {
    public var certificate: URL
    public var privateKey: URL

    public init(certificate: URL, privateKey: URL) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}
