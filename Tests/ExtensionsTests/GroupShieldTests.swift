import Foundation
import Testing

@testable import Extensions

@Suite struct GroupShieldTests {
    /// What a process started outlives it, but not the end of the pipe that the shield waits for.
    @Test func itEndsWhatTheProcessHasStarted() async throws {
        let (text, end) = try await onThread {
            let (reader, writer) = try ChildProcess.pipe()
            let group = ChildProcess.spawn(
                ["/bin/sh", "-c", "sleep 10000 & echo up; wait"], ["PATH": "/usr/bin:/bin"], directory: nil,
                streams: (-1, writer, writer), diesWithThread: false, niceness: 0)
            close(writer)
            try #require(group > 0)
            let shield = try GroupShield(group: group)
            let output = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
            let first = try output.read(upToCount: 3) ?? Data()
            shield.act()
            // Ends when nobody has the pipe open any more, the second process neither.
            let rest = try output.readToEnd() ?? Data()
            var status: Int32 = 0
            #expect(waitpid(group, &status, 0) == group)
            return (String(decoding: first + rest, as: UTF8.self), status & 0x7F)
        }
        #expect(text == "up\n")
        #expect(end == SIGKILL)
    }

    @Test func oneThatIsDroppedHarmsNobody() async throws {
        let status = try await onThread {
            let (reader, writer) = try ChildProcess.pipe()
            let group = ChildProcess.spawn(
                ["/bin/sh", "-c", "read -r line; exit 7"], [:], directory: nil, streams: (reader, 1, 2),
                diesWithThread: false, niceness: 0)
            close(reader)
            try #require(group > 0)
            try GroupShield(group: group).drop()
            // It lives until its input ends.
            close(writer)
            var status: Int32 = 0
            #expect(waitpid(group, &status, 0) == group)
            return status
        }
        #expect(status == 7 << 8)
    }
}
