#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims

/// Ends a process group when this process ends, however that happens: a shell in a group of its own, which waits for
/// the end of a pipe that only this process has open, and then kills.
///
/// The kernel's own means ends a child, but not what the child has started, and only on Linux.
struct GroupShield: Sendable {
    private let shell: pid_t
    private let pipe: Int32

    private static let script = #"read -r line; kill -s KILL -- "-$1""#

    init(group: pid_t) throws {
        let ends = try ChildProcess.pipe()
        defer { close(ends.reader) }
        let nothing = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { if nothing >= 0 { close(nothing) } }
        let command = ["/bin/sh", "-c", Self.script, "soundpost-shield", "\(group)"]
        shell = ChildProcess.spawn(
            command, [:], directory: "/", streams: (ends.reader, nothing, nothing), diesWithThread: false, niceness: 0)
        pipe = ends.writer
        guard shell > 0 else {
            close(pipe)
            throw ChildProcess.StartFault(text: "/bin/sh cannot be run: \(String(cString: strerror(-shell)))")
        }
    }

    /// Gives the group up, which must not be another one's yet. Once.
    func drop() {
        kill(shell, SIGKILL)
        _ = soundpost_reap(shell)
        close(pipe)
    }

    /// Does what the end of this process would, and waits for it. Once, in place of `drop`.
    func act() {
        close(pipe)
        _ = soundpost_reap(shell)
    }
}
