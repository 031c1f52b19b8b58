import Foundation

/// Reading of the small text files that commands take.
enum InputFile {
    /// More than any chain or list of parameters needs; protects against the wrong file.
    private static let largest = 16 << 20

    /// - Throws: ``CommandFailure`` that names the file and says what is wrong with it.
    static func read(_ path: String) throws -> Data {
        let url = URL(fileURLWithPath: path)
        do {
            let values = try url.resourceValues(forKeys: [.isDirectoryKey, .fileSizeKey])
            guard values.isDirectory != true else { throw CommandFailure("\(path): is a directory, not a file") }
            guard values.fileSize ?? 0 <= largest else {
                throw CommandFailure("\(path): is larger than \(largest >> 20) MiB")
            }
            return try Data(contentsOf: url)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(path): cannot be read: \(reason(error))")
        }
    }

    /// What a decoder found wrong, with the keys that lead there.
    static func reason(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let keys = context.codingPath.map(\.stringValue).joined(separator: " ")
            return keys.isEmpty ? "" : "\(keys): "
        }
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            let cause = (context.underlyingError as? CocoaError)?.userInfo[NSDebugDescriptionErrorKey] as? String
            return "is no JSON: \(cause ?? context.debugDescription)"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context),
            .keyNotFound(_, let context):
            return place(context) + context.debugDescription
        @unknown default:
            return error.localizedDescription
        }
    }

    /// Foundation's text without its repetition of the whole path.
    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "no such file"
        case .fileReadNoPermission?, .fileWriteNoPermission?: "no permission"
        default: error.localizedDescription
        }
    }
}
