import Foundation
import Testing

@testable import Extensions

@Suite struct GroupShieldTests {
    /// What a process started outlives it, but not the end of the pipe that the node's end is to the shield.
    @Test func itEndsWhatTheProcessHasStarted() async throws {
        let (reader, writer) = try ChildProcess.pipe()
        let group = ChildProcess.spawn(
            ["/bin/sh", "-c", "sleep 10000 & echo up; wait"], ["PATH": "/usr/bin:/bin"], directory: nil,
            streams: (-1, writer, writer), diesWithThread: false, niceness: 0)
        close(writer)
        try #require(group > 0)
        let shield = try GroupShield(group: group)
        let output = FileHandle(fileDescriptor: reader, closeOnDealloc: true)
        let text: Data = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let first = try output.read(upToCount: 3)
                        shield.act()
                        // Ends when nobody has the pipe open any more, the second process neither.
                        return (first ?? Data()) + (try output.readToEnd() ?? Data())
                    })
            }
        }
        #expect(String(decoding: text, as: UTF8.self) == "up\n")
        var status: Int32 = 0
        #expect(waitpid(group, &status, 0) == group)
        #expect(status & 0x7F == SIGKILL)
    }

    @Test func oneThatIsDroppedHarmsNobody() throws {
        let group = ChildProcess.spawn(
            ["/bin/sh", "-c", "read -r line"], [:], directory: nil, streams: (-1, 1, 2), diesWithThread: false,
            niceness: 0)
        try #require(group > 0)
        try GroupShield(group: group).drop()
        var status: Int32 = 0
        #expect(waitpid(group, &status, 0) == group)
        // Its input is empty, so it ended by itself.
        #expect(status & 0x7F == 0)
    }
}
