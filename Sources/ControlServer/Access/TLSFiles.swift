public import Foundation
import NIOSSL

/// Certificate chain and private key, both in PEM.
public struct TLSFiles: Sendable, Hashable {
    /// The node's own certificate first, then those that signed it.
    public var certificate: URL
    /// Without a passphrase.
    public var privateKey: URL

    public init(certificate: URL, privateKey: URL) {
        self.certificate = certificate
        self.privateKey = privateKey
    }

    /// Reads both files.
    ///
    /// - Throws: `bad_certificate` that names the file.
    func context() throws(ControlServerError) -> NIOSSLContext {
        let chain = try load("certificate chain", certificate) { try NIOSSLCertificate.fromPEMFile($0) }
        guard !chain.isEmpty else {
            throw fault("The certificate chain '\(path(certificate))' has no certificate in PEM.", nil)
        }
        // Without this, an encrypted key would make the process ask for its passphrase at the terminal.
        let key = try load("private key", privateKey) { path in
            try NIOSSLPrivateKey(file: path, format: .pem) { setter in setter([UInt8]()) }
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw fault(
                "The private key '\(path(privateKey))' does not belong to the certificate '\(path(certificate))': "
                    + "\(error)",
                error
            )
        }
    }

    private func load<Value>(
        _ what: String,
        _ file: URL,
        _ body: (String) throws -> Value
    ) throws(ControlServerError) -> Value {
        let path = path(file)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw fault("The \(what) '\(path)' cannot be read: \(String(cString: strerror(errno))).", nil)
        }
        close(descriptor)
        do {
            return try body(path)
        } catch {
            throw fault("The \(what) '\(path)' cannot be used; it must be PEM, a key without a passphrase.", error)
        }
    }

    private func path(_ file: URL) -> String { file.path(percentEncoded: false) }

    private func fault(_ message: String, _ cause: (any Error)?) -> ControlServerError {
        ControlServerError(.badCertificate, message, cause: cause)
    }
}
