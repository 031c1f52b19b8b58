import Foundation
import Testing

/// The built `soundpost`, run as a child process the way a user runs it.
struct SoundpostExecutable {
    /// What a finished run left behind.
    struct Outcome {
        let status: Int32
        let output: Data
        let diagnostics: String

        var text: String { String(decoding: output, as: UTF8.self) }
        var lines: [Substring] { text.split(separator: "\n") }
    }

    /// The executable lies beside the test bundle, because one build makes both.
    static let url: URL = {
        #if os(macOS)
            let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
            let directory = bundles.first?.deletingLastPathComponent() ?? Bundle.main.bundleURL
        #else
            let directory = Bundle.main.executableURL?.deletingLastPathComponent() ?? Bundle.main.bundleURL
        #endif
        return directory.appendingPathComponent("soundpost")
    }()

    /// The repository's root, from where the commands in its documents work.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Runs to the end.
    static func run(_ arguments: String...) async throws -> Outcome {
        try await run(arguments)
    }

    static func run(_ arguments: [String]) async throws -> Outcome {
        let directory = try TemporaryDirectory()
        let output = directory.file("stdout")
        let diagnostics = directory.file("stderr")
        let process = try makeProcess(arguments)
        process.standardOutput = try writing(output)
        process.standardError = try writing(diagnostics)
        try await end(of: process)
        return Outcome(
            status: process.terminationStatus,
            output: try Data(contentsOf: output),
            diagnostics: String(decoding: try Data(contentsOf: diagnostics), as: UTF8.self)
        )
    }

    /// A process in the repository's root that reads nothing.
    static func makeProcess(_ arguments: [String]) throws -> Process {
        try #require(
            FileManager.default.isExecutableFile(atPath: url.path),
            "\(url.path) is missing: build the executable before the tests run"
        )
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = repository
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Starts the process and waits until it has ended.
    private static func end(of process: Process) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }

    private static func writing(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
