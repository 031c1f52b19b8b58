import Foundation
import NIOSSL
import Testing

@testable import ControlServer

struct ReloadTests {
    @Test func newConnectionsComeInUnderNewRulesAndOldOnesLiveOn() async throws {
        let token = try AccessToken(text: "correct-horse-battery")
        try await TestServer.run(allowedHosts: ["old.example"]) { server in
            let old = try await server.webSocket()
            // Answered once, so that it came in before.
            let oldPage = try await server.connect()
            try await oldPage.send(oldPage.requestText("GET /", ["Host: old.example"]))
            #expect(try await oldPage.response().status == 200)
            try server.control.reload(
                ControlServerConfiguration(
                    port: 0,
                    allowedHosts: ["new.example"],
                    corsOrigins: ["https://desk.example"],
                    token: token,
                    limits: TestServer.patientLimits
                )
            )
            #expect(try await server.request("GET /").status == 401)
            let bearer = "Authorization: Bearer correct-horse-battery"
            let cors = try await server.request("GET /", [bearer, "Origin: https://desk.example"])
            #expect(cors.fields["access-control-allow-origin"] == "https://desk.example")
            for (host, status) in [("new.example", 200), ("old.example", 421)] {
                let client = try await server.connect()
                try await client.send(client.requestText("GET /", ["Host: \(host)", bearer]))
                #expect(try await client.response().status == status)
            }
            try await old.sendText("still here")
            #expect(try await old.text() == "still here")
            try await oldPage.send(oldPage.requestText("GET /", ["Host: old.example"]))
            #expect(try await oldPage.response().status == 200)
        }
    }

    @Test func limitsFollow() async throws {
        try await TestServer.run { server in
            let first = try await server.webSocket()
            var limits = TestServer.patientLimits
            limits.connections = 1
            try server.control.reload(ControlServerConfiguration(port: 0, limits: limits))
            let second = try await server.connect()
            #expect(try await second.response().status == 503)
            try await first.sendText("still here")
            #expect(try await first.text() == "still here")
        }
    }

    @Test func anotherAddressIsRefused() async throws {
        try await TestServer.run { (server: TestServer) async throws in
            for (host, port) in [("127.0.0.1", 5001), ("::1", 0)] {
                let error = #expect(throws: ControlServerError.self) {
                    let configuration = try ControlServerConfiguration(host: host, port: port)
                    try server.control.reload(configuration)
                }
                #expect(error?.code == .addressChanged)
            }
            #expect(try await server.request("GET /healthz").status == 200)
        }
    }

    @Test func certificatesAreExchangedAndBadOnesLeaveTheOld() async throws {
        let first = try TestClient.tls(trusting: TestCertificates.firstCertificate)
        let second = try TestClient.tls(trusting: TestCertificates.secondCertificate)
        try await TestCertificates.withFiles { files in
            try await TestServer.run(tls: files) { server in
                func reload() throws {
                    try server.control.reload(
                        ControlServerConfiguration(port: 0, tls: files, limits: TestServer.patientLimits))
                }
                let old = try await TestClient(port: server.port, tls: first)
                old.sendLater(Array(old.handshakeText().utf8))
                #expect(try await old.response().status == 101)

                try Data("nonsense".utf8).write(to: files.certificate)
                let error = #expect(throws: ControlServerError.self) { try reload() }
                #expect(error?.code == .badCertificate)
                #expect(try await health(server, first) == 200)

                try Data(TestCertificates.secondCertificate.utf8).write(to: files.certificate)
                try Data(TestCertificates.secondKey.utf8).write(to: files.privateKey)
                try reload()
                #expect(try await health(server, second) == 200)
                await #expect(throws: (any Error).self) { try await health(server, first) }
                try await old.sendText("still here")
                #expect(try await old.text() == "still here")
            }
        }
    }

    private func health(_ server: TestServer, _ tls: NIOSSLContext) async throws -> Int {
        let client = try await TestClient(port: server.port, tls: tls)
        defer { client.close() }
        client.sendLater(Array(client.requestText("GET /healthz", ["Host: localhost:\(server.port)"]).utf8))
        return try await client.response().status
    }
}
