import Foundation
import SoundpostChannels

/// The other process of a case: this program, started again.
final class BenchResponder {
    private var process = pid_t()
    private var hasEnded = false

    /// - Parameters:
    ///   - input, output: Its standard input and output; nil: those of this process.
    init(_ measured: BenchCase, in folder: String, seconds: Double, input: Int32? = nil, output: Int32? = nil) throws {
        guard let program = Bundle.main.executablePath else {
            throw CommandFailure("this program cannot be started again: where it lies is not known")
        }
        let arguments = [
            program, "channel", "bench", "--respond", folder, "--kind", measured.kind.rawValue,
            "--wait", measured.wait.rawValue, "--encoding", measured.encoding.rawValue,
            "--sizes", String(measured.size), "--seconds", String(seconds),
        ]
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        let code = posix_spawn(&process, program, &actions, nil, &pointers, environ)
        guard code == 0 else {
            hasEnded = true
            throw CommandFailure("\(program) cannot be started: \(String(cString: strerror(code)))")
        }
    }

    deinit {
        guard !hasEnded else { return }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Waits until it has ended of itself.
    func wait() throws {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        guard status == 0 else { throw CommandFailure("the responder ended with the status \(status)") }
    }
}
