import Foundation
import Logging
import Testing

@testable import Extensions

@Suite struct ChildProcessTests {
    /// Runs a shell's lines and gives what they print.
    private func run(_ lines: String) async throws -> String {
        try await onThread {
            let (reader, writer) = try ChildProcess.pipe()
            let process = ChildProcess.spawn(
                ["/bin/sh", "-c", lines], ["PATH": "/usr/bin:/bin"], directory: "/", streams: (-1, writer, writer),
                diesWithThread: false, niceness: 0)
            close(writer)
            let output = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
            try #require(process > 0)
            let text = try output.readToEnd() ?? Data()
            var status: Int32 = 0
            #expect(waitpid(process, &status, 0) == process)
            return String(decoding: text, as: UTF8.self)
        }
    }

    @Test func itInheritsNoDescriptors() async throws {
        // One that is not close-on-exec, as a library's may be.
        let leaked = fcntl(1, F_DUPFD, 700)
        try #require(leaked >= 700)
        defer { close(leaked) }
        let text = try await run("[ -e /dev/fd/1 ] && echo open; [ -e /dev/fd/\(leaked) ] && echo leaked; pwd")
        #expect(text == "open\n/\n")
    }

    @Test func itsNumberStaysItsOwnUntilItIsReaped() async throws {
        let folder = try TemporaryFolder()
        let end = try await onThread {
            let process = try ChildProcess.start(
                ExtensionManifest(id: "x", command: ["sh", "-c", "exit 3"], folder: folder.url),
                environment: ProcessInfo.processInfo.environment,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            process.awaitEnd()
            // As often as anybody likes, and signals go to nobody else meanwhile: it is still there.
            process.awaitEnd()
            process.signal(SIGTERM)
            return process.reap()
        }
        #expect(end == "it ended with status 3")
    }
}
