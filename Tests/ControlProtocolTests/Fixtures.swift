import Foundation

/// The golden wire messages, shared with the clients in other languages.
enum Fixtures {
    static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "fixtures/messages", directoryHint: .isDirectory)

    /// All files: the name up to the first dot is the message's type, the rest names the variant.
    static let files: [URL] = {
        do {
            return try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "json" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
        } catch {
            fatalError("The fixtures cannot be listed: \(error)")
        }
    }()

    enum Fault: Error {
        case noObject
    }

    static func type(of file: URL) -> String {
        String(file.lastPathComponent.prefix { $0 != "." })
    }
}
