import Foundation

/// A command of the built `soundpost` that runs until it is told to stop, and whose lines are read as they come.
final class RunningCommand {
    private let process: Process
    private let output: FileHandle

    /// - Parameters:
    ///   - arguments: subcommand first.
    ///   - environment: in addition to the test's own.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        process = try SoundpostExecutable.makeProcess(arguments)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        output = pipe.fileHandleForReading
        try process.run()
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Waits for the next line; nil at the end of the output. The waiting is done by a thread of its own: those that
    /// run tasks are as few as processors, and whoever makes the command print needs one.
    func line() async throws -> String? {
        try await withCheckedThrowingContinuation { [output] continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try Self.line(of: output) })
            }
        }
    }

    private static func line(of output: FileHandle) throws -> String? {
        var line = Data()
        while let byte = try output.read(upToCount: 1), !byte.isEmpty {
            if byte == Data("\n".utf8) { return String(decoding: line, as: UTF8.self) }
            line += byte
        }
        return nil
    }

    /// Sends the signal, waits, and returns the exit status and how it ended.
    func stop(_ signal: Int32) -> (status: Int32, reason: Process.TerminationReason) {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return (process.terminationStatus, process.terminationReason)
    }
}
