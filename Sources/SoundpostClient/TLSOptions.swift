public import Foundation

/// Which node a client believes. Only used when the address says `https` or `wss`.
public struct TLSOptions: Sendable, Hashable {
    /// A PEM file with the certificates to trust instead of the system's.
    public var trustRoots: URL?
    /// Whether the node's certificate and name are checked. Without that anybody between the two can read and change
    /// everything, the token included: for trials on one's own machine.
    public var verifiesCertificate: Bool

    public init(trustRoots: URL? = nil, verifiesCertificate: Bool = true) {
        self.trustRoots = trustRoots
        self.verifiesCertificate = verifiesCertificate
    }
}
