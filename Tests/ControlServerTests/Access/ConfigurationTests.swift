import Testing

@testable import ControlServer

struct ConfigurationTests {
    @Test(arguments: [
        ("localhost", "127.0.0.1:5000"), ("LocalHost", "127.0.0.1:5000"), ("127.0.0.1", "127.0.0.1:5000"),
        ("127.0.0.9", "127.0.0.9:5000"), ("::1", "[::1]:5000"), ("[::1]", "[::1]:5000"),
        ("0:0:0:0:0:0:0:1", "[::1]:5000"),
    ])
    func takesLoopbackAddresses(host: String, description: String) throws {
        #expect(try ListenAddress(host: host, port: 5000).description == description)
    }

    @Test(arguments: ["0.0.0.0", "::", "[::]", "192.168.1.5", "10.0.0.1", "128.0.0.1", "::ffff:127.0.0.1", "fe80::1"])
    func asksForATokenWhereOthersCanReachTheNode(host: String) throws {
        let error = #expect(throws: ControlServerError.self) { try ControlServerConfiguration(host: host) }
        #expect(error?.code == .tokenRequired)
        #expect(error?.message.contains("token") == true)
        let configuration = try ControlServerConfiguration(host: host, token: .random())
        #expect(!configuration.address.isLoopback)
    }

    @Test(arguments: ["", "example.org", "localhost.", "127.0.0.1:5000", "[127.0.0.1", "1.2.3", "127.0.0.1 "])
    func refusesWhatIsNoAddress(host: String) {
        let error = #expect(throws: ControlServerError.self) { try ListenAddress(host: host, port: 5000) }
        #expect(error?.code == .badAddress)
    }

    @Test(arguments: [-1, 65536, 1 << 20])
    func refusesPortsThatDoNotExist(port: Int) {
        let error = #expect(throws: ControlServerError.self) { try ListenAddress(host: "::1", port: port) }
        #expect(error?.code == .badAddress)
    }

    @Test(arguments: ["mixer.local", "mixer:5000", "[fe80::1]:80", "10.0.0.1:65535", "a_b"])
    func takesHosts(host: String) throws {
        #expect(try ControlServerConfiguration(allowedHosts: [host]).allowedHosts == [host])
    }

    @Test(arguments: [
        "", "*", "http://mixer", "mixer/", "mixer:", "mixer:0", "mixer:65536", "mixer:+5", "a b", "[::1", "[]", "[x]",
        "::1", "mixer:5000:1", "müller",
    ])
    func refusesWhatIsNoHost(host: String) {
        let error = #expect(throws: ControlServerError.self) { try ControlServerConfiguration(allowedHosts: [host]) }
        #expect(error?.code == .badAllowList)
        #expect(error?.message.contains("'\(host)'") == true)
    }

    @Test(arguments: ["https://mixer.local", "http://mixer:5000", "https://[::1]:1", "chrome-extension://abc"])
    func takesOrigins(origin: String) throws {
        #expect(try ControlServerConfiguration(allowedOrigins: [origin]).allowedOrigins == [origin])
    }

    @Test(arguments: [
        "", "*", "null", "mixer", "http://", "://mixer", "http://mixer/", "http://*.example", "1x://mixer",
    ])
    func refusesWhatIsNoOrigin(origin: String) {
        let error = #expect(throws: ControlServerError.self) {
            try ControlServerConfiguration(allowedOrigins: [origin])
        }
        #expect(error?.code == .badAllowList)
        let reader = #expect(throws: ControlServerError.self) { try ControlServerConfiguration(corsOrigins: [origin]) }
        #expect(reader?.code == .badAllowList)
    }
}
