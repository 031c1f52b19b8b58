import ControlProtocol
import ControlServer
import Foundation
import Testing

@testable import SoundpostClient

/// The client in front of a node that asks for its access token.
@Suite struct AccessTokenTests {
    private func run(_ body: (TestNode, _ token: String) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "soundpost-token-\(UUID().uuidString)")
        let token = try AccessToken.load(from: file).token
        let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        try FileManager.default.removeItem(at: file)
        try await TestNode.run(token: token) { try await body($0, text) }
    }

    @Test func rightTokenLetsIn() async throws {
        try await run { node, token in
            let client = try await SoundpostClient.connect(patiently: node.address, token: token)
            #expect(try await client.status().sampleRate == 48000)
            await client.close()
        }
    }

    @Test func missingAndWrongTokensAreRefusedForGood() async throws {
        try await run { node, _ in
            for (token, code) in [(nil, "token_missing"), ("0123456789abcdef", "token_wrong")] as [(String?, String)] {
                let error = await #expect(throws: ClientError.self) {
                    try await SoundpostClient.connect(patiently: node.address, token: token)
                }
                #expect(error?.code == .refused)
                #expect(error?.refusal?.code.rawValue == code)
                #expect(error?.isPermanent == true)
            }
        }
    }

    @Test(arguments: ["", "two words", "line\r\nEvil: 1", "ü"])
    func whatIsNoTokenIsNotSent(_ token: String) async {
        let error = await #expect(throws: ClientError.self) {
            try await SoundpostClient.connect(patiently: "127.0.0.1:1", token: token)
        }
        #expect(error?.code == .badToken)
    }
}
