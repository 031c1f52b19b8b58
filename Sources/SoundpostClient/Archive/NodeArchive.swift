public import Foundation
import NIOCore
import NIOHTTP1

/// Everything that a node keeps, as one zip file: taken from a node, or put into it.
///
/// Goes over HTTP beside the control connection. There is no time-out, because an archive may be long; cancel the task
/// to give up.
public struct NodeArchive: Sendable {
    private static let path = "/api/archive"
    private static let pieceBytes = 64 * 1024

    private let bootstrap: Bootstrap

    /// - Parameter configuration: address, token, TLS and the time to connect; the rest does not matter here.
    /// - Throws: ``ClientError`` with the code `bad_trust_roots` or `bad_token`.
    public init(_ configuration: ClientConfiguration) throws(ClientError) {
        bootstrap = try Bootstrap(configuration)
    }

    /// Writes the node's archive into a file, which appears when it is complete. An older one of the name is replaced.
    ///
    /// - Returns: the number of bytes.
    /// - Throws: ``ClientError``; ``ClientError/refusal`` has the node's words.
    @discardableResult
    public func export(to file: URL) async throws(ClientError) -> Int {
        let part = file.deletingLastPathComponent().appendingPathComponent(".\(file.lastPathComponent).part")
        guard FileManager.default.createFile(atPath: part.path, contents: nil) else {
            throw ClientError(.file, "\(file.path): cannot be written in its directory.")
        }
        do {
            let handle = try FileHandle(forWritingTo: part)
            defer { handle.closeFile() }
            var bytes = 0
            try await HTTPExchange(bootstrap).get(Self.path) { piece in
                bytes += piece.readableBytes
                try handle.write(contentsOf: Data(piece.readableBytesView))
            }
            try handle.synchronize()
            guard rename(part.path, file.path) == 0 else {
                throw ClientError(.file, "\(file.path): cannot be replaced: \(String(cString: strerror(errno))).")
            }
            return bytes
        } catch {
            unlink(part.path)
            throw Self.named(file, error)
        }
    }

    /// Puts an archive into the node, in place of what it keeps now: all of it, or nothing.
    ///
    /// - Throws: ``ClientError``; ``ClientError/refusal`` has the node's words.
    public func `import`(from file: URL) async throws(ClientError) {
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { handle.closeFile() }
            let length = try handle.seekToEnd()
            try handle.seek(toOffset: 0)
            try await HTTPExchange(bootstrap).post(Self.path, type: "application/zip", length: Int(length)) {
                try handle.read(upToCount: Self.pieceBytes).map { ByteBuffer(bytes: $0) }
            }
        } catch {
            throw Self.named(file, error)
        }
    }

    private static func named(_ file: URL, _ error: any Error) -> ClientError {
        (error as? ClientError) ?? ClientError(.file, "\(file.path): \(error.localizedDescription)", cause: error)
    }
}
