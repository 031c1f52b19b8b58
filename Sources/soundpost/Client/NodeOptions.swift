import ArgumentParser
import ControlProtocol
import Foundation
import SoundpostClient

/// Which node a command speaks to, and as whom.
struct NodeOptions: ParsableArguments {
    @Option(help: "Address of the node. (default: $SOUNDPOST_URL, else http://127.0.0.1:5000)")
    var url: String?

    @Option(
        help: ArgumentHelp(
            "File with the node's access token. (default: the token in $SOUNDPOST_TOKEN)", valueName: "file"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("PEM file with the certificates to trust instead of the system's.", valueName: "file"))
    var ca: String?

    @Option(help: "Name by which the node's history knows you, and by which you undo. (default: cli-$USER)")
    var name: String?

    func validate() throws {
        do {
            _ = try NodeAddress(addressText)
        } catch {
            throw ValidationError("--url: \(error)")
        }
        if let name, !Self.isName(name) {
            throw ValidationError("--name \(name): 1 to 64 letters, digits and _ . # -, not beginning with ws-.")
        }
    }

    /// What the options and the environment say together.
    func configuration() throws -> ClientConfiguration {
        ClientConfiguration(
            address: try NodeAddress(addressText),
            name: name ?? Self.userName,
            token: try token(),
            tls: TLSOptions(trustRoots: ca.map { URL(fileURLWithPath: $0) })
        )
    }

    /// Connects, does `work`, and closes the connection again.
    ///
    /// - Throws: ``CommandFailure`` in words for a person.
    func withClient<Value: Sendable>(_ work: (SoundpostClient) async throws -> Value) async throws -> Value {
        do {
            var configuration = try configuration()
            // Nobody waits in front of a command for a node to come back.
            configuration.reconnect = nil
            let client = try await SoundpostClient.connect(configuration)
            do {
                let value = try await work(client)
                await client.close()
                return value
            } catch {
                await client.close()
                throw error
            }
        } catch {
            throw CommandFailure(talkingToNode: error)
        }
    }

    private var addressText: String {
        url ?? Self.environment["SOUNDPOST_URL"] ?? "http://127.0.0.1:\(NodeAddress.defaultPort)"
    }

    private func token() throws -> String? {
        guard let tokenFile else { return Self.environment["SOUNDPOST_TOKEN"] }
        let text = String(decoding: try InputFile.read(tokenFile), as: UTF8.self)
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CommandFailure("\(tokenFile): is no token: one line of printable characters")
        }
        return token
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var userName: String {
        let name = "cli-\(environment["USER"] ?? "")"
        return isName(name) && name != "cli-" ? name : "cli"
    }

    private static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9_.#\-]{1,64}/) != nil && !text.hasPrefix("ws-")
    }
}
