import Testing

@testable import ControlServer

struct AccessPolicyTests {
    private func policy(port: Int = 5000) throws -> AccessPolicy {
        AccessPolicy(
            address: try ListenAddress(host: "127.0.0.1", port: port),
            port: port,
            allowedHosts: ["mixer.local", "Studio.example:8443"],
            allowedOrigins: ["https://studio.example:8443"]
        )
    }

    @Test(arguments: [
        "127.0.0.1:5000", "localhost:5000", "LOCALHOST:5000", "[::1]:5000", "mixer.local", "Mixer.Local",
        "studio.example:8443",
    ])
    func answersForItsOwnHostsAndTheAllowedOnes(host: String) throws {
        #expect(try policy().refusal(hosts: [host], origins: []) == nil)
    }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:5001", "127.0.0.1:50000", "127.0.0.2:5000", "0.0.0.0:5000", "localhost", "localhost:80",
        "localhost.:5000", "localhost:5000.evil.example", "evil.localhost:5000", "localhost.evil.example:5000",
        "evil.example", "evil.example:5000", "::1:5000", "[::1]", "[::]:5000", "[::ffff:127.0.0.1]:5000",
        "mixer.local:5000", "xmixer.local", "mixer.local.evil.example", "studio.example", "studio.example:5000", "",
        " localhost:5000", "localhost:5000/", "user@localhost:5000", "127.1:5000", "2130706433:5000", "localhost:05000",
    ])
    func answersAForeignHostWith421(host: String) throws {
        #expect(try policy().refusal(hosts: [host], origins: [])?.status == 421)
    }

    @Test func needsExactlyOneHost() throws {
        #expect(try policy().refusal(hosts: [], origins: [])?.status == 400)
        #expect(try policy().refusal(hosts: ["localhost:5000", "localhost:5000"], origins: [])?.status == 400)
    }

    @Test(arguments: [
        "http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000", "HTTP://LocalHost:5000",
        "http://mixer.local", "http://studio.example:8443", "https://studio.example:8443",
    ])
    func letsPagesOfItsOwnOriginsIn(origin: String) throws {
        #expect(try policy().refusal(hosts: ["localhost:5000"], origins: [origin]) == nil)
    }

    @Test(arguments: [
        "null", "", "*", "file://", "http://evil.example", "http://evil.example:5000", "https://localhost:5000",
        "http://localhost", "http://localhost:5001", "http://localhost:50000", "http://localhost:5000/",
        "http://localhost:5000.evil.example", "http://localhost.evil.example:5000", "http://evil-localhost:5000",
        "http://evil.localhost:5000", "http://127.0.0.1", "http://127.0.0.1:5001", "http://127.0.0.1.evil.example:5000",
        "http://user@localhost:5000", "ws://localhost:5000", "localhost:5000", "http://mixer.local:5000",
        "https://mixer.local", "http://localhost:5000, http://evil.example", "http://localhost:5000 ",
        "chrome-extension://abcdefghijklmnop", "http://[::1]", "http://[::ffff:7f00:1]:5000",
    ])
    func answersAForeignOriginWith403(origin: String) throws {
        #expect(try policy().refusal(hosts: ["localhost:5000"], origins: [origin])?.status == 403)
    }

    @Test func takesAtMostOneOrigin() throws {
        let own = "http://localhost:5000"
        #expect(try policy().refusal(hosts: ["localhost:5000"], origins: [own, own])?.status == 403)
    }

    @Test func leavesOutThePortWhereBrowsersDo() throws {
        let policy = try policy(port: 80)
        #expect(policy.refusal(hosts: ["localhost"], origins: ["http://127.0.0.1"]) == nil)
        #expect(policy.refusal(hosts: ["localhost:80"], origins: []) == nil)
    }

    @Test func answersForTheLoopbackAddressItListensOn() throws {
        let policy = AccessPolicy(address: try ListenAddress(host: "127.0.0.7", port: 5000), port: 5000)
        #expect(policy.refusal(hosts: ["127.0.0.7:5000"], origins: []) == nil)
        #expect(policy.refusal(hosts: ["127.0.0.8:5000"], origins: [])?.status == 421)
    }

    @Test func quotesWhatItRefusesShortAndPrintable() throws {
        let host = "evil\u{1B}[31m\n" + String(repeating: "x", count: 5000)
        let message = try #require(try policy().refusal(hosts: [host], origins: [])?.message)
        #expect(message.count < 400)
        #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test func whereItListensEverywhereItAnswersForTheAddressThatWasUsed() throws {
        let policy = AccessPolicy(address: try ListenAddress(host: "0.0.0.0", port: 5000), port: 5000, isSecure: true)
        func status(_ host: String, _ origin: String? = nil, local: String?) -> Int? {
            policy.refusal(hosts: [host], origins: origin.map { [$0] } ?? [], local: local)?.status
        }
        #expect(status("10.0.0.1:5000", local: "10.0.0.1") == nil)
        #expect(status("10.0.0.1:5000", "https://10.0.0.1:5000", local: "::ffff:10.0.0.1") == nil)
        #expect(status("[fd00::1]:5000", local: "fd00::1") == nil)
        #expect(status("localhost:5000", local: "127.0.0.1") == nil)
        #expect(status("10.0.0.2:5000", local: "10.0.0.1") == 421)
        #expect(status("10.0.0.1", local: "10.0.0.1") == 421)
        #expect(status("0.0.0.0:5000", local: "10.0.0.1") == 421)
        #expect(status("evil.example:5000", local: "10.0.0.1") == 421)
        #expect(status("10.0.0.1:5000", "http://10.0.0.1:5000", local: "10.0.0.1") == 403)
    }

    @Test func answersForTheNumericAddressItListensOnAlone() throws {
        let policy = AccessPolicy(address: try ListenAddress(host: "192.168.1.5", port: 80), port: 80)
        #expect(policy.refusal(hosts: ["192.168.1.5"], origins: ["http://192.168.1.5"]) == nil)
        #expect(policy.refusal(hosts: ["192.168.1.6"], origins: [], local: "192.168.1.6")?.status == 421)
    }
}
