#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Foundation
internal import Logging

/// A running program, with the processes it started.
struct ChildProcess: Sendable {
    let id: pid_t

    /// Starts it. What it prints goes into the log.
    ///
    /// The calling thread has to live as long as the program, which the kernel ends with it.
    static func start(_ manifest: ExtensionManifest, environment: [String: String], logger: Logger) throws
        -> ChildProcess
    {
        let output = try pipe()
        let errors: (reader: Int32, writer: Int32)
        do {
            errors = try pipe()
        } catch {
            close(output.reader)
            close(output.writer)
            throw error
        }
        defer {
            close(output.writer)
            close(errors.writer)
        }
        let arguments = manifest.command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        let id = soundpost_spawn(
            arguments, variables, manifest.folder.path(percentEncoded: false), output.writer, errors.writer)
        guard id > 0 else {
            close(output.reader)
            close(errors.reader)
            throw StartFault(
                text: "'\(manifest.command.joined(separator: " "))' cannot be run: \(String(cString: strerror(-id)))")
        }
        for (descriptor, level) in [(output.reader, Logger.Level.info), (errors.reader, .notice)] {
            let thread = Thread {
                var lines = OutputLines(logger: logger, level: level)
                lines.read(from: descriptor)
            }
            thread.name = "extension output"
            thread.start()
        }
        return ChildProcess(id: id)
    }

    struct StartFault: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    private static func pipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = soundpost_pipe(&ends)
        guard result == 0 else { throw StartFault(text: "no pipe: \(String(cString: strerror(-result)))") }
        return (ends[0], ends[1])
    }

    /// Waits until it has ended, ends what it has left behind, and says how it ended.
    func wait() -> String {
        let status = soundpost_wait(id)
        kill(-id, SIGKILL)
        let signal = status & 0x7F
        if status >= 0, signal == 0 {
            let code = (status >> 8) & 0xFF
            return code == 0 ? "it ended by itself" : "it ended with status \(code)"
        }
        return "it was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }

    /// Signals it and the processes it started.
    func signal(_ number: Int32) {
        kill(-id, number)
    }
}
