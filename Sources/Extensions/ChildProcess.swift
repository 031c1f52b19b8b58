#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Dispatch
internal import Foundation
internal import Logging

/// A running program, with the processes it started.
///
/// `awaitEnd` may be called from any thread. `signal` and `reap` are for one thread, and nothing after `reap`: until
/// then the number is the process's own, whether it lives or not, and no signal goes to another one's.
struct ChildProcess: Sendable {
    private let id: pid_t
    private let shield: GroupShield?
    /// Those who read what it prints.
    private let readers: DispatchGroup
    /// Helpers are less urgent than the node.
    private static let niceness: Int32 = 10

    /// Starts it. What it prints goes into the log.
    ///
    /// The calling thread has to live as long as the program, which the kernel (on Linux) ends with it.
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
        let id = spawn(
            manifest.command, environment, directory: manifest.folder.path(percentEncoded: false),
            streams: (-1, output.writer, errors.writer), diesWithThread: true, niceness: niceness)
        guard id > 0 else {
            close(output.reader)
            close(errors.reader)
            throw StartFault(
                text: "'\(manifest.command.joined(separator: " "))' cannot be run: \(String(cString: strerror(-id)))")
        }
        let readers = DispatchGroup()
        for (descriptor, level) in [(output.reader, Logger.Level.info), (errors.reader, .notice)] {
            readers.enter()
            let thread = Thread {
                var lines = OutputLines(logger: logger, level: level)
                lines.read(from: descriptor)
                readers.leave()
            }
            thread.name = "extension output"
            thread.start()
        }
        let shield: GroupShield?
        do {
            shield = try GroupShield(group: id)
        } catch {
            logger.warning("if the node is killed, what this extension has started stays: \(error)")
            shield = nil
        }
        return ChildProcess(id: id, shield: shield, readers: readers)
    }

    struct StartFault: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    static func pipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        let result = soundpost_pipe(&ends)
        guard result == 0 else { throw StartFault(text: "no pipe: \(String(cString: strerror(-result)))") }
        return (ends[0], ends[1])
    }

    /// - Returns: the process's id or the negative errno.
    static func spawn(
        _ command: [String], _ environment: [String: String], directory: String?,
        streams: (input: Int32, output: Int32, error: Int32), diesWithThread: Bool, niceness: Int32
    ) -> pid_t {
        let arguments = command.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        let path = directory.map { strdup($0) } ?? nil
        defer { (arguments + variables + [path]).forEach { free($0) } }
        return arguments.withUnsafeBufferPointer { arguments in
            variables.withUnsafeBufferPointer { variables in
                var program = soundpost_program(
                    arguments: arguments.baseAddress, environment: variables.baseAddress, directory: path,
                    input: streams.input, output: streams.output, error_output: streams.error,
                    dies_with_thread: diesWithThread, niceness: niceness)
                return soundpost_spawn(&program)
            }
        }
    }

    /// Waits until it has ended.
    func awaitEnd() {
        _ = soundpost_await_end(id)
    }

    /// Ends what it has left behind, lets go of its number, and says how it ended; waits for its end.
    func reap() -> String {
        guard soundpost_await_end(id) == 0 else {
            // Its number may be another's by now.
            shield?.drop()
            return "it ended, and how was not seen"
        }
        kill(-id, SIGKILL)
        shield?.drop()
        let status = soundpost_reap(id)
        let signal = status & 0x7F
        if status >= 0, signal == 0 {
            let code = (status >> 8) & 0xFF
            return code == 0 ? "it ended by itself" : "it ended with status \(code)"
        }
        return "it was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
    }

    /// Signals it, also when it has left its group, and the processes it started.
    func signal(_ number: Int32) {
        kill(-id, number)
        kill(id, number)
    }

    /// Waits until everything that it printed is in the log. What it started and let go might go on printing.
    func waitForOutput(until deadline: DispatchTime) {
        _ = readers.wait(timeout: deadline)
    }
}
