import ControlProtocol
import ControlServer
import Foundation
import Testing

@testable import SoundpostClient

/// The client in front of a node with certificates.
@Suite struct TLSTests {
    private func run(_ body: (TestNode, TestCertificate) async throws -> Void) async throws {
        try await TestCertificate.with { files in
            let tls = TLSFiles(certificate: files.certificate, privateKey: files.privateKey)
            try await TestNode.run(tls: tls) { try await body($0, files) }
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func believesTheAuthorityThatItIsGiven(_ host: String) async throws {
        try await run { node, files in
            let client = try await SoundpostClient.connect(
                patiently: "https://\(host):\(node.port)",
                tls: TLSOptions(trustRoots: files.certificate)
            )
            #expect(try await client.status().sampleRate == 48000)
            await client.close()
        }
    }

    @Test func doesNotBelieveAnybodyElse() async throws {
        try await run { node, _ in
            let error = await #expect(throws: ClientError.self) {
                try await SoundpostClient.connect(patiently: "https://127.0.0.1:\(node.port)")
            }
            #expect(error?.code == .untrusted)
            #expect(error?.isPermanent == true)
        }
    }

    @Test func believesEverybodyWhenTold() async throws {
        try await run { node, _ in
            let client = try await SoundpostClient.connect(
                patiently: "https://127.0.0.1:\(node.port)",
                tls: TLSOptions(verifiesCertificate: false)
            )
            _ = try await client.ask(Ping())
            await client.close()
        }
    }

    @Test func plainAndSecureAreToldApart() async throws {
        try await run { node, files in
            let plain = await #expect(throws: ClientError.self) {
                try await SoundpostClient.connect(patiently: "http://127.0.0.1:\(node.port)")
            }
            #expect(plain?.message.contains("https") == true)
        }
        try await TestNode.run { node in
            let secure = await #expect(throws: ClientError.self) {
                try await SoundpostClient.connect(patiently: "https://127.0.0.1:\(node.port)")
            }
            #expect(secure?.code == .badAnswer)
        }
    }

    @Test func unreadableTrustRootsAreNamed() async throws {
        let error = await #expect(throws: ClientError.self) {
            try await SoundpostClient.connect(
                patiently: "https://127.0.0.1:1",
                tls: TLSOptions(trustRoots: URL(filePath: "/nonexistent/ca.pem"))
            )
        }
        #expect(error?.code == .badTrustRoots)
        #expect(error?.message.contains("/nonexistent/ca.pem") == true)
    }
}
