import Foundation
import Logging
import Synchronization
import WireFormats

@testable import Extensions

/// A node's side of one extension, which is a Python program of the test's own.
final class TestExtension: Sendable {
    let host: ExtensionHost
    let log = CapturedLog()
    private let folder: TemporaryFolder
    private let notices: Mutex<AsyncStream<ExtensionHost.Notice>.AsyncIterator?>

    /// Handlers that most tests need, before the test's own lines.
    private static let start = """
        import os, signal, subprocess, sys, threading
        from soundpost.extension import BadRequest, Extension
        extension = Extension(threads=2)

        @extension.handler("echo")
        def echo(data):
            return data

        @extension.handler("pid")
        def pid(data):
            return os.getpid()

        @extension.handler("die")
        def die(data):
            os._exit(int(data))

        @extension.handler("refuse")
        def refuse(data):
            raise BadRequest("not with me")

        def stay():
            # The process goes on when it has ended its channel.
            extension.run = lambda run=extension.run: (run(), threading.Event().wait())

        @extension.handler("hang")
        def hang(data):
            threading.Event().wait()

        """

    /// - Parameters:
    ///   - lines: of Python, before it runs.
    ///   - command: instead of Python.
    ///   - change: makes the manifest another one.
    init(
        _ lines: String = "", command: [String]? = nil, change: (inout ExtensionManifest) -> Void = { _ in }
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let program = Self.start + lines + "\nextension.run()\n"
        try Data(program.utf8).write(to: folder.url.appending(path: "program.py"))
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "clients/python/src")
        var manifest = ExtensionManifest(
            id: "test", command: command ?? ["python3", "program.py"],
            environment: ["PYTHONPATH": package.path(percentEncoded: false)], folder: folder.url)
        change(&manifest)
        host = ExtensionHost([manifest], environment: ProcessInfo.processInfo.environment) { [log] _ in
            Logger(label: "test") { _ in log }
        }
        notices = Mutex(nil)
        host.start()
    }

    var status: ExtensionStatus { host.statuses[0] }

    /// Waits until the extension is as wanted.
    func wait(until isWanted: (ExtensionStatus) -> Bool) async {
        if isWanted(status) { return }
        for await _ in host.notices where isWanted(status) { return }
    }

    /// The next event of this name.
    func event(_ name: String) async -> JSONValue? {
        for await notice in host.notices {
            if case .event(_, name, let data) = notice { return data }
        }
        return nil
    }

    func ask(_ method: String, _ data: JSONValue = .null, timeout: Duration = .seconds(60)) async throws -> JSONValue {
        try await host.call("test", method, data, timeout: timeout)
    }

    /// The number of its process.
    func process() async throws -> Int32 {
        guard case .integer(let number) = try await ask("pid") else { return 0 }
        return Int32(number)
    }
}

/// Keeps what is logged.
final class CapturedLog: LogHandler, Sendable {
    private let kept = Mutex<[(level: Logger.Level, text: String)]>([])

    var lines: [(level: Logger.Level, text: String)] { kept.withLock { $0 } }

    func log(
        level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
        function: String, line: UInt
    ) {
        kept.withLock { $0.append((level, "\(message)")) }
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
}
