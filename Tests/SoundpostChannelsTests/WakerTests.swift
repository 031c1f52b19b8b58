import Foundation
import Testing
import WireFormats

@testable import SoundpostChannels

@Suite struct WakerTests {
    private func isReadable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    @Test func aDescriptorIsReadableFromAWakeToTheReset() throws {
        let waker = try DescriptorWaker()
        #expect(!isReadable(waker.descriptor))
        for _ in 0..<100_000 { waker.wake() }
        #expect(isReadable(waker.descriptor))
        waker.reset()
        #expect(!isReadable(waker.descriptor))
        waker.reset()
        waker.wake()
        #expect(isReadable(waker.descriptor))
    }

    /// A loop that only looks when it is woken takes every message.
    @Test(arguments: ChannelPair.Kind.allCases)
    func aForeignLoopTakesEveryMessage(_ kind: ChannelPair.Kind) async throws {
        let pair = try ChannelPair(kind)
        let waker = try DescriptorWaker()
        pair.server.wakeOnArrival(waker)
        let count: Int64 = 3000
        async let sent: Void = onThread { () throws in
            for number in 0..<count { try pair.client.sendJSON(.integer(number)) }
            pair.client.close()
        }
        let taken = try await onThread {
            var taken: [JSONValue] = []
            while true {
                var entry = pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, -1)
                waker.reset()
                do {
                    while let message = try pair.server.tryReceive() { taken.append(message.data) }
                } catch let error as ChannelError where error.code == .disconnected {
                    return taken
                }
            }
        }
        try await sent
        // A thread channel's queue goes with its sender's close; what is read is whole and in order.
        #expect(taken == (0..<Int64(taken.count)).map { .integer($0) })
        #expect(taken.count == count)
    }

    @Test func sendingWakes() async throws {
        let pair = try ChannelPair(.localSocket)
        let waker = try DescriptorWaker()
        pair.client.wakeAfterSending(waker)
        #expect(!isReadable(waker.descriptor))
        try pair.client.sendJSON(1)
        #expect(isReadable(waker.descriptor))
    }

    @Test func tasksAreWokenAndWakesInARowAreOne() async throws {
        let waker = TaskWaker()
        for _ in 0..<10 { waker.wake() }
        waker.finish()
        var wakes = 0
        for await _ in waker.wakes { wakes += 1 }
        #expect(wakes == 1)
    }

    @Test func aTaskTakesEveryMessage() async throws {
        let pair = try ChannelPair(.sharedMemory)
        let waker = TaskWaker()
        pair.server.wakeOnArrival(waker)
        async let sent: Void = onThread { () throws in
            for number in 0..<1000 { try pair.client.sendJSON(.integer(Int64(number))) }
        }
        var taken = 0
        for await _ in waker.wakes {
            while let message = try pair.server.tryReceive() {
                #expect(message.data == .integer(Int64(taken)))
                taken += 1
            }
            if taken == 1000 { waker.finish() }
        }
        try await sent
        #expect(taken == 1000)
    }
}
