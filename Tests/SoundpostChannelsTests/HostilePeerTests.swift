import CSoundpostShims
import Foundation
import Synchronization
import Testing
import WireFormats

@testable import SoundpostChannels

/// Another end of shared memory that keeps to no rule. What it does is an error with a text on that channel alone.
@Suite(.serialized) struct HostilePeerTests {
    typealias Role = HostileMeeting.Role

    private func failure(_ body: () throws -> Void) -> ChannelError? {
        do {
            try body()
            return nil
        } catch {
            return error as? ChannelError
        }
    }

    /// Something goes to and fro between two ends that keep to the rules.
    private func expectGoesOn(_ pair: RingPair) throws {
        try pair.client.send(40, seed: 1)
        #expect(try pair.server.receive(seed: 1, timeout: .seconds(60)) == 40)
        try pair.server.send(41, seed: 2)
        #expect(try pair.client.receive(seed: 2, timeout: .seconds(60)) == 41)
    }

    // MARK: What is written to the victim

    /// What a hostile writer does, and the words of the error.
    enum WriterLie: String, CaseIterable, Sendable {
        case publishedMoreThanTheRing, publishedUnaligned, publishedNearTheEndOfNumbers, publishedGoesBack
        case recordBeyondWhatIsPublished, recordOfFourGibibytes, recordLongerThanHalfOfTheRing, headerAtTheLastByte
        case unknownFlag, highestFlag, recordThatGoesOn

        func tell(_ meeting: HostileMeeting) throws {
            let (region, words) = (meeting.region, meeting.toVictim)
            func publish(_ count: Int) {
                atomicFence()
                region.set(words.published, UInt64(count))
                meeting.wake()
            }
            switch self {
            case .publishedMoreThanTheRing: publish(region.ringBytes + 8)
            case .publishedUnaligned: publish(20)
            case .publishedNearTheEndOfNumbers: region.set(words.published, UInt64.max & ~7)
            case .publishedGoesBack:
                let next = meeting.publish([1, 2, 3], at: 0)
                #expect(try meeting.victim.borrow()?.bytes.count == 3)
                #expect(next == 16)
                publish(8)
            case .recordBeyondWhatIsPublished:
                region.putHeader(words, at: 0, length: 9)
                publish(16)
            case .recordOfFourGibibytes:
                region.putHeader(words, at: 0, length: .max)
                publish(region.ringBytes)
            case .recordLongerThanHalfOfTheRing:
                region.putHeader(words, at: 0, length: UInt32(region.ringBytes / 2 + 1))
                publish(region.ringBytes)
            case .headerAtTheLastByte:
                region.putHeader(words, at: 0, length: UInt32.max - 7)
                publish(8)
            case .unknownFlag:
                region.putHeader(words, at: 0, length: 0, flags: 2)
                publish(8)
            case .highestFlag:
                region.putHeader(words, at: 0, length: 0, flags: 1 << 31)
                publish(8)
            case .recordThatGoesOn: _ = meeting.publish([1], at: 0, flags: 1)
            }
        }
    }

    @Test(arguments: Role.allCases, WriterLie.allCases)
    func aWriterThatLiesEndsItsOwnChannel(_ role: Role, _ lie: WriterLie) async throws {
        let bystanders = try RingPair()
        let meeting = try await HostileMeeting(role)
        try lie.tell(meeting)
        for _ in 0..<3 {
            let error = failure { _ = try meeting.victim.borrow(timeout: .seconds(60)) }
            #expect(error?.code == .receiveFailed)
            #expect(error?.message.contains("broke the protocol") == true)
        }
        // Closed: the other direction has ended too.
        #expect(failure { try meeting.victim.send(1, seed: 0) }?.code == .disconnected)
        #expect(meeting.socket.wait(for: Int32(POLLIN), .never) & Int32(POLLHUP) != 0)
        try expectGoesOn(bystanders)
    }

    @Test(arguments: Role.allCases, WriterLie.allCases)
    func theSameEndsAChannelOfMessages(_ role: Role, _ lie: WriterLie) async throws {
        // These two are what a writer of messages may do.
        if lie == .recordThatGoesOn || lie == .publishedGoesBack { return }
        let meeting = try await HostileMeeting(role, codec: .json)
        let channel = Channel(over: meeting.victim, ChannelOptions())
        try lie.tell(meeting)
        try await onThread { () throws in
            for _ in 0..<2 { #expect(failure { _ = try channel.receive() }?.code == .receiveFailed) }
            #expect(failure { try channel.sendJSON(1) }?.code == .disconnected)
        }
    }

    @Test(arguments: Role.allCases)
    func anEndWithoutPublicationsIsTheEnd(_ role: Role) async throws {
        let meeting = try await HostileMeeting(role)
        meeting.region.set(meeting.toVictim.ended, UInt32(77))
        #expect(try meeting.victim.receive(seed: 0) == nil)
        // It may say so and go on; nobody is harmed.
        _ = meeting.publish([], at: 0)
        #expect(try meeting.victim.receive(seed: 0) == 0)
        #expect(try meeting.victim.receive(seed: 0) == nil)
    }

    @Test(arguments: Role.allCases)
    func aMessageThatGoesOnForEverIsRefused(_ role: Role) async throws {
        let meeting = try await HostileMeeting(role, codec: .json)
        let channel = Channel(over: meeting.victim, ChannelOptions())
        async let error: ChannelError? = onThread { failure { _ = try channel.receive() } }
        let sent = try await onThread {
            let part = [UInt8](repeating: 32, count: meeting.region.ringBytes / 4)
            var position: UInt64 = 0
            var sent = 0
            while sent < 17 << 20, meeting.waitForRoom(part.count, at: position) {
                position = meeting.publish(part, at: position, flags: 1)
                sent += part.count
            }
            return sent
        }
        #expect(sent >= 16 << 20)
        #expect(try await error?.code == .receiveFailed)
        #expect(try await error?.message.contains("longer than") == true)
    }

    @Test(arguments: Role.allCases)
    func anEmptyRecordThatGoesOnIsRefused(_ role: Role) async throws {
        let meeting = try await HostileMeeting(role, codec: .json)
        let channel = Channel(over: meeting.victim, ChannelOptions())
        _ = meeting.publish([], at: 0, flags: 1)
        #expect(failure { _ = try channel.tryReceive() }?.code == .receiveFailed)
    }

    @Test(arguments: Role.allCases)
    func halfAMessageDoesNotPutADeadlineOff(_ role: Role) async throws {
        let meeting = try await HostileMeeting(role, codec: .json)
        let channel = Channel(over: meeting.victim, ChannelOptions())
        let text = Array(#"{"type":"data","data":"in three parts"}"#.utf8)
        var position = meeting.publish(Array(text[..<10]), at: 0, flags: 1)
        #expect(try channel.tryReceive() == nil)
        position = meeting.publish(Array(text[10..<20]), at: position, flags: 1)
        try await onThread { () throws in
            #expect(failure { _ = try channel.receive(timeout: .milliseconds(1)) }?.code == .timeout)
        }
        position = meeting.publish(Array(text[20...]), at: position)
        #expect(try channel.tryReceive()?.data == "in three parts")
        // The rest never comes.
        position = meeting.publish([1, 2], at: position, flags: 1)
        meeting.socket.letGo()
        let error = try await onThread { failure { _ = try channel.receive() } }
        #expect(error?.code == .disconnected)
    }

    // MARK: What is read from the victim

    enum ReaderLie: String, CaseIterable, Sendable {
        case consumedMoreThanThereIs, consumedUnaligned, consumedNearTheEndOfNumbers, consumedGoesBack

        func tell(_ meeting: HostileMeeting) throws {
            let word = meeting.fromVictim.consumed
            switch self {
            case .consumedMoreThanThereIs: meeting.region.set(word, UInt64(1 << 20))
            case .consumedUnaligned: meeting.region.set(word, UInt64(1))
            case .consumedNearTheEndOfNumbers: meeting.region.set(word, UInt64.max & ~7)
            case .consumedGoesBack:
                #expect(throws: ChannelError.self) {
                    while true { try meeting.victim.send(1000, seed: 0, timeout: .zero) }
                }
                meeting.region.set(word, UInt64(2 * 1008))
                try meeting.victim.send(1000, seed: 0, timeout: .zero)
                meeting.region.set(word, UInt64(1008))
            }
        }
    }

    @Test(arguments: Role.allCases, ReaderLie.allCases)
    func aReaderThatLiesEndsItsOwnChannel(_ role: Role, _ lie: ReaderLie) async throws {
        let bystanders = try RingPair()
        let meeting = try await HostileMeeting(role)
        try lie.tell(meeting)
        let error = failure { while true { try meeting.victim.send(1000, seed: 0, timeout: .seconds(60)) } }
        #expect(error?.code == .sendFailed)
        #expect(error?.message.contains("broke the protocol") == true)
        #expect(failure { try meeting.victim.send(1, seed: 0) } != nil)
        #expect(try meeting.victim.receive(seed: 0) == nil)
        try expectGoesOn(bystanders)
    }

    @Test(arguments: Role.allCases, ReaderLie.allCases)
    func theSameEndsAChannelThatSendsMessages(_ role: Role, _ lie: ReaderLie) async throws {
        let meeting = try await HostileMeeting(role, codec: .json)
        let channel = Channel(over: meeting.victim, ChannelOptions())
        try lie.tell(meeting)
        try await onThread { () throws in
            let error = failure { while true { try channel.sendJSON(.string(String(repeating: "x", count: 1000))) } }
            #expect(error?.code == .sendFailed)
            #expect(failure { _ = try channel.receive() }?.code == .disconnected)
        }
    }

    // MARK: Vandals

    @Test(arguments: Role.allCases)
    func wordsOfSleepersAreOnlyWordsOfSleepers(_ role: Role) async throws {
        let meeting = try await HostileMeeting(role)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let count = 3000
            let flag = Flag()
            group.addTask {
                try await onThread {
                    var random = SeededGenerator(11)
                    while !flag.isSet {
                        for words in [meeting.toVictim, meeting.fromVictim] {
                            meeting.region.set(words.dataWait, UInt32.random(in: 0...3, using: &random))
                            meeting.region.set(words.spaceWait, UInt32.random(in: 0...UInt32.max, using: &random))
                        }
                        sched_yield()
                    }
                }
            }
            group.addTask {
                try await onThread {
                    var position: UInt64 = 0
                    for number in 0..<count {
                        let payload = [UInt8](repeating: UInt8(number % 256), count: number % 700)
                        guard meeting.waitForRoom(payload.count, at: position) else { return }
                        position = meeting.publish(payload, at: position)
                    }
                }
            }
            group.addTask {
                defer { flag.set() }
                try await onThread { () throws in
                    for number in 0..<count {
                        guard let record = try meeting.victim.borrow(timeout: .seconds(60)) else {
                            Issue.record("an early end")
                            return
                        }
                        let isSame =
                            record.bytes.count == number % 700
                            && record.bytes.allSatisfy { $0 == UInt8(number % 256) }
                        #expect(isSame, "record \(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Random bytes over everything, or over what decides, while the victim sends and receives.
    @Test(arguments: Role.allCases, [true, false])
    func aVandalHarmsNobodyElse(_ role: Role, _ wholeRegion: Bool) async throws {
        let bystanders = try RingPair()
        for seed in 0..<30 {
            let meeting = try await HostileMeeting(role, codec: .json)
            let channel = Channel(over: meeting.victim, ChannelOptions(backPressure: .wait))
            let flag = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await onThread {
                        var random = SeededGenerator(UInt64(seed))
                        let region = meeting.region
                        for _ in 0..<200 {
                            if wholeRegion {
                                region.scribble(&random, 0..<region.bytes, words: 500)
                            } else {
                                region.scribble(&random, 128..<1152, words: 20)
                                // Numbers that could be.
                                for words in [meeting.toVictim, meeting.fromVictim] {
                                    region.set(words.published, UInt64.random(in: 0...9000, using: &random) * 8)
                                    region.set(words.consumed, UInt64.random(in: 0...9000, using: &random) * 8)
                                    region.putHeader(
                                        words, at: UInt64.random(in: 0...8191, using: &random) * 8,
                                        length: UInt32.random(in: 0...40_000, using: &random),
                                        flags: UInt32.random(in: 0...1, using: &random))
                                }
                            }
                            meeting.wake()
                            if flag.isSet { break }
                        }
                        // Whoever still waits learns that the other end is gone.
                        meeting.socket.letGo()
                    }
                }
                group.addTask {
                    try await onThread { () throws in
                        // Any number of bad messages, then an end.
                        while true {
                            do {
                                _ = try channel.receive()
                            } catch let error as ChannelError where error.code == .serialization {
                                continue
                            } catch let error as ChannelError {
                                #expect([.receiveFailed, .disconnected].contains(error.code), "\(error)")
                                return
                            }
                        }
                    }
                }
                group.addTask {
                    defer { flag.set() }
                    try await onThread { () throws in
                        let text = JSONValue.string(String(repeating: "x", count: 900))
                        let error = failure { for _ in 0..<2000 { try channel.sendJSON(text) } }
                        if let error { #expect([.sendFailed, .disconnected].contains(error.code), "\(error)") }
                    }
                }
                try await group.waitForAll()
            }
        }
        try expectGoesOn(bystanders)
    }

    // MARK: Clients that do not do their part

    @Test func aClientThatSaysNothingKeepsNobodyWaiting() throws {
        let directory = try TemporaryDirectory()
        let server = try SharedMemoryServer("one", ringBytes: 65_536, codec: .raw, in: directory.place)
        let silent = try (0..<10).map { _ in Descriptor(try LocalSocket.connect("one", in: directory.place)) }
        let held = try silent.map { _ in try server.acceptRings() }
        for connection in held { #expect(failure { _ = try connection.borrow(timeout: .zero) }?.code == .timeout) }
        for socket in silent { socket.letGo() }
        for connection in held { #expect(try connection.receive(seed: 0) == nil) }
    }

    @Test func aNamedSegmentThatNobodyOpenedIsRemoved() throws {
        let directory = try TemporaryDirectory()
        let server = try SharedMemoryServer(
            "one", ringBytes: 65_536, codec: .raw, wait: .sleeping, in: directory.place, backing: .named)
        let socket = Descriptor(try LocalSocket.connect("one", in: directory.place))
        let connection = try server.acceptRings()
        var line = [UInt8](repeating: 0, count: 4096)
        var descriptor: Int32 = -1
        let count = soundpost_receive_with_descriptor(socket.number, &line, line.count, &descriptor)
        #expect(descriptor == -1)
        let message = try line[..<(count - 1)].withUnsafeBytes { try Message(encoded: $0) }
        let segment = try #require(try RegionOffer(message).segment)
        #expect(segment.utf8.count <= 30)
        let opened = soundpost_segment_open(segment, O_RDWR, 0)
        #expect(opened >= 0)
        close(opened)
        connection.close()
        #expect(soundpost_segment_open(segment, O_RDWR, 0) == -ENOENT)
    }
}

/// Set in one thread, looked at in others.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() {
        value.store(true, ordering: .releasing)
    }
}
