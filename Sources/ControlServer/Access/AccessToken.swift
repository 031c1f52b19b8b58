public import Foundation
import Storage

/// The secret that a client shows: `Authorization: Bearer TOKEN`, or `?token=TOKEN` in a WebSocket handshake.
///
/// Its text is never part of a description, so it reaches no log and no error.
public struct AccessToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Characters of a token (RFC 6750 section 2.1); the lower bound keeps guessing hopeless.
    static let lengths = 16...512

    let text: String

    /// - Parameter text: see ``lengths``; letters, digits and `- . _ ~ + /`, with `=` at the end.
    /// - Throws: `bad_token`, without the text.
    init(text: String) throws(ControlServerError) {
        guard Self.lengths.contains(text.utf8.count), Self.isWellFormed(text) else {
            throw ControlServerError(
                .badToken,
                "An access token has \(Self.lengths.lowerBound) to \(Self.lengths.upperBound) letters, digits and "
                    + "- . _ ~ + /, with = at the end at most; this has \(text.utf8.count) bytes or others."
            )
        }
        self.text = text
    }

    /// Thirty-two bytes of the system's random source in base64url.
    static func random() -> AccessToken {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return AccessToken(trusted: String(text.prefix { $0 != "=" }))
    }

    private init(trusted text: String) {
        self.text = text
    }

    /// Reads the token's file, or makes one (mode 0600) when there is none.
    ///
    /// - Returns: the token, and whether it was made now.
    /// - Throws: `bad_token` with the file and what is wrong with it: no plain file, readable or owned by others,
    ///   empty, or of another form.
    public static func load(from file: URL) throws(ControlServerError) -> (token: AccessToken, isNew: Bool) {
        do throws(StorageError) {
            let limit = lengths.upperBound + 2
            if let data = try SecretFile.read(file, limit: limit) {
                return (try token(from: data, in: file), false)
            }
            let token = random()
            guard try SecretFile.create(file, Data("\(token.text)\n".utf8)) else {
                // Another process made one in between.
                return (try Self.token(from: try SecretFile.read(file, limit: limit) ?? Data(), in: file), false)
            }
            return (token, true)
        } catch {
            throw ControlServerError(.badToken, "The token file cannot be used: \(error).", cause: error)
        }
    }

    private static func token(from data: Data, in file: URL) throws(StorageError) -> AccessToken {
        let text = String(decoding: data, as: UTF8.self)
        let line = text.last == "\n" || text.last == "\r\n" ? text.dropLast() : text[...]
        let reason: String
        if line.isEmpty {
            reason = "is empty; remove it, and the node makes another"
        } else {
            do throws(ControlServerError) {
                return try AccessToken(text: String(line))
            } catch {
                reason = "holds no access token. \(error.message)"
            }
        }
        throw StorageError(.failed, operation: "read", path: file.path, reason: reason)
    }

    /// Whether a client showed this token. Takes the same time wherever the two differ.
    func matches(_ shown: some StringProtocol) -> Bool {
        let own = Array(text.utf8)
        let other = Array(shown.utf8)
        var difference = own.count ^ other.count
        for index in own.indices {
            difference |= Int(own[index] ^ (index < other.count ? other[index] : 0))
        }
        return difference == 0
    }

    public var description: String { "access token" }

    public var customMirror: Mirror { Mirror(self, children: []) }

    private static func isWellFormed(_ text: String) -> Bool {
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        return !body.isEmpty
            && body.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-._~+/".utf8.contains(byte)
            }
    }
}
