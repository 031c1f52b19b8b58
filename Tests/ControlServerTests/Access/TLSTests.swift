import Foundation
import NIOSSL
import Testing

@testable import ControlServer

struct TLSTests {
    private func get(_ server: TestServer, _ tls: NIOSSLContext, _ fields: [String] = []) async throws -> Int {
        let client = try await TestClient(port: server.port, tls: tls)
        defer { client.close() }
        client.sendLater(Array(client.requestText("GET /healthz", ["Host: localhost:\(server.port)"] + fields).utf8))
        return try await client.response().status
    }

    @Test func servesHTTPAndWebSocketsWithTheOriginsOfHTTPS() async throws {
        let tls = try TestClient.tls(trusting: TestCertificates.firstCertificate)
        try await TestCertificates.withFiles { files in
            try await TestServer.run(tls: files) { server in
                #expect(try await server.control.url == "https://127.0.0.1:\(server.port)/")
                #expect(try await get(server, tls) == 200)
                #expect(try await get(server, tls, ["Origin: https://localhost:\(server.port)"]) == 200)
                #expect(try await get(server, tls, ["Origin: http://localhost:\(server.port)"]) == 403)
                let client = try await TestClient(port: server.port, tls: tls)
                client.sendLater(Array(client.handshakeText().utf8))
                #expect(try await client.response().status == 101)
                try await client.sendText("hello")
                #expect(try await client.text() == "hello")
                try await client.sendText("big 3000000")
                #expect(try await client.text().utf8.count == 3_000_000)
                await server.shutDown()
                #expect(try await client.closeCode() == 1001)
            }
        }
    }

    @Test func speaksTLS12ButNothingOlder() async throws {
        try await TestCertificates.withFiles { files in
            try await TestServer.run(tls: files) { server in
                let certificate = TestCertificates.firstCertificate
                #expect(try await get(server, TestClient.tls(trusting: certificate, upTo: .tlsv12)) == 200)
                let old = try TestClient.tls(trusting: certificate, upTo: .tlsv11)
                await #expect(throws: (any Error).self) { try await get(server, old) }
            }
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}nonsense"])
    func closesAConnectionThatSpeaksNoTLS(text: String) async throws {
        try await TestCertificates.withFiles { files in
            try await TestServer.run(tls: files) { server in
                let client = try await server.connect()
                client.sendLater(Array(text.utf8))
                await client.end()
                let tls = try TestClient.tls(trusting: TestCertificates.firstCertificate)
                #expect(try await get(server, tls) == 200)
            }
        }
    }

    @Test(arguments: ["", "x"])
    func closesAConnectionWhoseHandshakeDoesNotCome(text: String) async throws {
        try await TestCertificates.withFiles { files in
            try await TestServer.run(tls: files, limits: { $0.headerTime = .milliseconds(50) }) { server in
                let client = try await server.connect()
                client.sendLater(Array(text.utf8))
                await client.end()
            }
        }
    }

    @Test func namesTheFileThatCannotBeUsed() async throws {
        func refusal(certificate: String, key: String) async throws -> String {
            try await TestCertificates.withFiles(certificate: certificate, key: key) { files in
                let configuration = try ControlServerConfiguration(port: 0, tls: files)
                let server = ControlServer(
                    backend: ScriptedBackend(), configuration: configuration, logger: TestServer.logger)
                let error = await #expect(throws: ControlServerError.self) { try await server.run() }
                #expect(error?.code == .badCertificate)
                return error?.message ?? ""
            }
        }
        let (certificate, key) = (TestCertificates.firstCertificate, TestCertificates.firstKey)
        #expect(try await refusal(certificate: "", key: key).contains("chain.pem"))
        #expect(try await refusal(certificate: "nonsense", key: key).contains("chain.pem"))
        #expect(try await refusal(certificate: certificate, key: "").contains("key.pem"))
        #expect(try await refusal(certificate: certificate, key: certificate).contains("key.pem"))
        let mismatch = try await refusal(certificate: certificate, key: TestCertificates.secondKey)
        #expect(mismatch.contains("does not belong"))
        #expect(mismatch.contains("chain.pem") && mismatch.contains("key.pem"))

        let absent = TLSFiles(
            certificate: URL(filePath: "/nonexistent/chain.pem"), privateKey: URL(filePath: "/nonexistent/key.pem"))
        let error = #expect(throws: ControlServerError.self) { try absent.context() }
        #expect(error?.message.contains("/nonexistent/chain.pem") == true)
    }
}
