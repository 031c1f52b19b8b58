import ControlProtocol
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

extension ClientError {
    /// What kept a connection from coming about, in words that help.
    init(connectingTo address: NodeAddress, _ error: any Error) {
        switch error {
        case let error as ClientError:
            self = error
        case let error as NIOSSLError where !Self.isAboutTrust(error):
            self.init(.unreachable, "\(address) does not speak TLS as it should: \(error).", cause: error)
        case let error as NIOSSLError:
            self.init(untrusted: address, error)
        case let error as NIOSSLExtraError:
            self.init(untrusted: address, error)
        case let error as NIOConnectionError:
            let reason = error.connectionErrors.last.map { Self.words(for: $0.error) } ?? "the name cannot be resolved"
            self.init(.unreachable, "No node can be reached at \(address): \(reason).", cause: error)
        default:
            self.init(.unreachable, "No node can be reached at \(address): \(Self.words(for: error)).", cause: error)
        }
    }

    /// An HTTP answer other than the one that was asked for. A node's refusals have an `error` object as body.
    init(refusedBy address: NodeAddress, status: Int, body: [UInt8]) {
        let refusal: ControlError?
        do {
            refusal = try EventDecoder().decode(body).refusal
        } catch {
            refusal = nil
        }
        let words =
            refusal.map { "\($0.message) (\($0.code.rawValue))" } ?? "it answered with the HTTP status \(status)."
        // A node that is overloaded or starts or stops says so with these, and may be there a moment later.
        let isPassing = status == 429 || status >= 500
        self.init(isPassing ? .unreachable : .refused, "\(address) refused: \(words)", refusal: refusal)
    }

    private init(untrusted address: NodeAddress, _ error: any Error) {
        self.init(
            .untrusted,
            "\(address) does not prove that it is the node: \(error). Name the file of the authority that signed its "
                + "certificate, and connect by a name that the certificate has.",
            cause: error
        )
    }

    private static func isAboutTrust(_ error: NIOSSLError) -> Bool {
        switch error {
        case .unableToValidateCertificate, .noCertificateToValidate: true
        case .handshakeFailed: "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
        default: false
        }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == POSIXErrorCode.ECONNREFUSED.rawValue: "nothing listens there"
        case ChannelError.connectTimeout: "no answer in time"
        default: "\(error)"
        }
    }
}
