import Foundation
import Testing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// `soundpost serve` as a child process that listens on a free port.
final class RunningNode {
    let address: URL
    private let process: Process
    private let output: FileHandle
    private let directory: TemporaryDirectory

    /// Starts a node and waits for the line with its address.
    ///
    /// - Parameters:
    ///   - arguments: beside `--port 0`.
    ///   - environment: in addition to the test's own.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        process = try SoundpostExecutable.makeProcess(["serve", "--port", "0"] + arguments)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        try Data().write(to: directory.file("stderr"))
        process.standardError = try FileHandle(forWritingTo: directory.file("stderr"))
        output = pipe.fileHandleForReading
        try process.run()

        var line = Data()
        while line.last != UInt8(ascii: "\n"), let byte = try output.read(upToCount: 1), !byte.isEmpty { line += byte }
        let prefix = "Soundpost is listening on "
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard text.hasPrefix(prefix), let url = URL(string: String(text.dropFirst(prefix.count))) else {
            process.waitUntilExit()
            let log = String(decoding: try Data(contentsOf: directory.file("stderr")), as: UTF8.self)
            throw NotListening(firstLine: text, log: log)
        }
        address = url
    }

    struct NotListening: Error {
        let firstLine: String
        let log: String
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Status and body of a GET.
    func get(_ path: String) async throws -> (status: Int, body: Data) {
        let (body, response) = try await URLSession.shared.data(from: address.appendingPathComponent(path))
        return (try #require(response as? HTTPURLResponse).statusCode, body)
    }

    /// The answer to a GET with further header fields.
    func answer(_ path: String, headers: [String: String]) async throws -> HTTPURLResponse {
        var request = URLRequest(url: address.appendingPathComponent(path))
        headers.forEach { request.setValue($1, forHTTPHeaderField: $0) }
        // A session of its own: its connection comes in under the rules of this moment.
        let session = URLSession(configuration: .ephemeral)
        defer { session.finishTasksAndInvalidate() }
        return try #require(try await session.data(for: request).1 as? HTTPURLResponse)
    }

    /// The origin whose pages may read the answers, as the node tells a page of `origin`.
    func allowedOrigin(askedAs origin: String) async throws -> String? {
        try await answer("api/status", headers: ["Origin": origin])
            .value(forHTTPHeaderField: "Access-Control-Allow-Origin")
    }

    /// Sends the signal and does not wait.
    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Sends the signal, waits, and returns the exit status and what was still printed.
    func stop(_ signal: Int32) throws -> (status: Int32, reason: Process.TerminationReason, rest: Data) {
        kill(process.processIdentifier, signal)
        let rest = try output.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason, rest)
    }

    /// What the node wrote to standard error.
    func log() throws -> String {
        String(decoding: try Data(contentsOf: directory.file("stderr")), as: UTF8.self)
    }
}
