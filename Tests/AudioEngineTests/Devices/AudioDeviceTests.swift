import AudioEngine
import Logging
import Testing

struct AudioDeviceTests {
    /// PortAudio belongs to the process, so engines share it.
    @Test func severalEnginesListTheDevicesAtOnce() async throws {
        let lists = await withTaskGroup(of: [AudioDevices?].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let engine = Engine(
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, realtimePriority: 0)
                    return (0..<6).map { _ in
                        do {
                            return try engine.devices()
                        } catch {
                            return nil
                        }
                    }
                }
            }
            return await group.reduce(into: [AudioDevices?]()) { $0 += $1 }
        }
        let first = try #require(lists[0])
        #expect(lists.count == 24)
        #expect(lists.allSatisfy { $0?.outputs.map(\.name) == first.outputs.map(\.name) })
    }
}
