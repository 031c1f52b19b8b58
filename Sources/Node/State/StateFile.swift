import ControlProtocol
import Foundation
import Storage

/// Reading of the files in the data directory at start.
enum StateFile {
    /// Far above what a node writes, far below what hurts.
    private static let limits = JSONGuard(maximumBytes: 64 << 20)

    /// The JSON value in a file; nil when there is no file.
    ///
    /// - Parameter content: what the file should hold, for the message.
    static func read<Value: Decodable>(
        _ type: Value.Type,
        from url: URL,
        as content: String
    ) throws(NodeStartError) -> Value? {
        do {
            guard let data = try AtomicFile.read(url, limit: limits.maximumBytes) else { return nil }
            try limits.check(data)
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw NodeStartError(
                .badFile,
                path: url.path(percentEncoded: false),
                "The file should hold \(content), but cannot be read, and was left as it is. "
                    + "Repair it or move it away. (\(error))"
            )
        }
    }
}
