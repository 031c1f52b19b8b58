import Testing

@testable import SoundpostChannels

/// Shared memory without messages: loan and publish, borrow and give back.
@Suite struct RingTests {
    private func code(_ body: () throws -> Void) -> ChannelError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ChannelError)?.code
        }
    }

    /// Fills the ring to where a record of `count` bytes has no room.
    private func fill(_ connection: RingConnection, _ count: Int) throws -> UInt64 {
        var sent: UInt64 = 0
        while true {
            do {
                try connection.send(count, seed: sent, timeout: .zero)
                sent += 1
            } catch let error as ChannelError where error.code == .timeout {
                return sent
            }
        }
    }

    @Test func recordsOfEverySizeArrive() throws {
        let pair = try RingPair()
        let half = pair.client.ringBytes / 2
        let sizes = Array(0...72) + [4096, half / 2, half].flatMap { Array($0 - 17...$0 + 17) }.filter { $0 <= half }
        for (number, size) in sizes.enumerated() {
            let seed = UInt64(number)
            try pair.client.send(size, seed: seed)
            #expect(try pair.server.receive(seed: seed) == size)
            try pair.server.send(size, seed: ~seed)
            #expect(try pair.client.receive(seed: ~seed) == size)
        }
    }

    @Test func aRecordLongerThanHalfOfTheRingIsRefused() throws {
        let pair = try RingPair()
        let half = pair.client.ringBytes / 2
        #expect(code { try pair.client.send(half + 1, seed: 0) } == .sendFailed)
        try pair.client.send(half, seed: 1)
        #expect(try pair.server.receive(seed: 1) == half)
    }

    /// Records that run over the end of the ring are contiguous; nothing is read early, late or twice.
    @Test(arguments: [WaitStrategy.sleeping, .spinning, WaitStrategy(spin: .zero)])
    func randomRecordsArriveInOrderOverManyRounds(_ wait: WaitStrategy) async throws {
        let pair = try RingPair(wait: wait)
        let rounds = 30
        func sizes(_ seed: UInt64) -> [Int] {
            var random = SeededGenerator(seed)
            var sum = 0
            var sizes: [Int] = []
            while sum < rounds * pair.client.ringBytes {
                let limit = [16, 300, 5000, pair.client.ringBytes / 2].randomElement(using: &random) ?? 16
                sizes.append(Int.random(in: 0...limit, using: &random))
                sum += sizes.last ?? 0
            }
            return sizes
        }
        @Sendable func write(_ connection: RingConnection, _ sizes: [Int]) throws {
            for (number, size) in sizes.enumerated() { try connection.send(size, seed: UInt64(number)) }
            connection.end()
        }
        @Sendable func read(_ connection: RingConnection) throws -> [Int] {
            var read: [Int] = []
            while let size = try connection.receive(seed: UInt64(read.count)) { read.append(size) }
            return read
        }
        // Both directions at the same time.
        let (there, back) = (sizes(1), sizes(2))
        async let first: Void = onThread { try write(pair.client, there) }
        async let second: Void = onThread { try write(pair.server, back) }
        async let came: [Int] = onThread { try read(pair.server) }
        let cameBack = try await onThread { try read(pair.client) }
        #expect(cameBack == back)
        #expect(try await came == there)
        _ = try await (first, second)
    }

    @Test func aFullRingWaitsForRoomAndGoesOn() async throws {
        let pair = try RingPair()
        let sent = try fill(pair.client, 1000)
        #expect(sent == UInt64(65_536 / 1008))
        async let waited: Void = onThread { () throws in
            for number in sent..<2 * sent { try pair.client.send(1000, seed: number) }
        }
        try await onThread { () throws in
            for number in 0..<2 * sent { #expect(try pair.server.receive(seed: number) == 1000) }
        }
        try await waited
        #expect(code { _ = try pair.server.borrow(timeout: .zero) } == .timeout)
        #expect(code { _ = try pair.server.borrow(timeout: .milliseconds(1)) } == .timeout)
    }

    @Test func aLoanThatIsGivenUpWasNeverThere() throws {
        let pair = try RingPair()
        try pair.client.loan(100).giveUp()
        do {
            // Let go of without a word, as after an error.
            _ = try pair.client.loan(100)
        }
        try pair.client.send(7, seed: 3)
        #expect(try pair.server.receive(seed: 3) == 7)
        #expect(code { _ = try pair.server.borrow(timeout: .zero) } == .timeout)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 999, 1000])
    func fewerBytesThanWereLentCanBePublished(_ count: Int) throws {
        let pair = try RingPair()
        let loan = try pair.client.loan(1000)
        Pattern.fill(UnsafeMutableRawBufferPointer(rebasing: loan.bytes[..<count]), 5)
        loan.publish(count)
        try pair.client.send(12, seed: 6)
        #expect(try pair.server.receive(seed: 5) == count)
        #expect(try pair.server.receive(seed: 6) == 12)
    }

    @Test(arguments: [
        (0, 65_536), (1, 65_536), (65_536, 65_536), (65_537, 131_072), (1 << 20, 1 << 20), ((1 << 20) + 1, 1 << 21),
    ])
    func ringsAreRoundedUpToPowersOfTwo(_ asked: Int, _ got: Int) throws {
        let pair = try RingPair(ringBytes: asked)
        #expect(pair.server.ringBytes == got && pair.client.ringBytes == got)
        #expect(pair.client.writer.largestRecord == got / 2)
    }

    @Test func ringSizesEndAtAGibibyte() {
        #expect(RegionLayout.ringBytes(atLeast: 1 << 30) == 1 << 30)
        #expect(RegionLayout.ringBytes(atLeast: .max) == 1 << 30)
        for size in [0, 3, 65_535, 65_537, 1 << 31, -65_536, Int.min] {
            #expect(!RegionLayout.isLegal(ringBytes: size))
        }
    }

    @Test func afterTheEndWhatWasPublishedIsReadAndTheOtherDirectionGoesOn() throws {
        let pair = try RingPair()
        for number in 0..<10 { try pair.client.send(number, seed: UInt64(number)) }
        pair.client.end()
        for number in 0..<10 { #expect(try pair.server.receive(seed: UInt64(number)) == number) }
        #expect(try pair.server.receive(seed: 0) == nil)
        #expect(try pair.server.receive(seed: 0, timeout: .zero) == nil)
        try pair.server.send(5, seed: 1)
        #expect(try pair.client.receive(seed: 1) == 5)
    }

    @Test func whatWasPublishedBeforeTheOtherEndWentIsRead() throws {
        let pair = try RingPair()
        for number in 0..<10 { try pair.client.send(number, seed: UInt64(number)) }
        pair.client.close()
        for number in 0..<10 { #expect(try pair.server.receive(seed: UInt64(number)) == number) }
        #expect(try pair.server.receive(seed: 0) == nil)
        // Where nobody reads there is room until the ring is full.
        #expect(code { for _ in 0..<100 { try pair.server.send(1000, seed: 0) } } == .disconnected)
    }

    @Test func anEndThatIsClosedNeitherLendsNorReads() throws {
        let pair = try RingPair()
        try pair.client.send(1, seed: 0)
        pair.server.close()
        pair.server.close()
        #expect(try pair.server.receive(seed: 0) == nil)
        #expect(code { try pair.server.send(1, seed: 0) } == .disconnected)
    }

    @Test(arguments: [WaitStrategy.sleeping, .spinning], [true, false])
    func closingWakesWhoLendsAndWhoBorrows(_ wait: WaitStrategy, _ closesOwn: Bool) async throws {
        for _ in 0..<20 {
            let pair = try RingPair(wait: wait)
            _ = try fill(pair.client, 1000)
            async let lender: ChannelError.Code? = onThread { code { try pair.client.send(1000, seed: 0) } }
            async let borrower: Int? = onThread { try pair.client.receive(seed: 0) }
            (closesOwn ? pair.client : pair.server).close()
            #expect(try await lender == .disconnected)
            #expect(try await borrower == nil)
        }
    }

    @Test(arguments: [WaitStrategy.sleeping, .spinning, WaitStrategy(spin: .zero), WaitStrategy(spin: .seconds(-1))])
    func twoEndsThatAnswerEachOtherGoOn(_ wait: WaitStrategy) async throws {
        let pair = try RingPair(wait: wait)
        async let echo: Void = onThread { () throws in
            var number: UInt64 = 0
            while let size = try pair.server.receive(seed: number) {
                try pair.server.send(size, seed: number)
                number += 1
            }
        }
        try await onThread { () throws in
            for number in 0..<2000 {
                try pair.client.send(number % 100, seed: UInt64(number))
                #expect(try pair.client.receive(seed: UInt64(number)) == number % 100)
            }
            pair.client.end()
        }
        try await echo
    }

    @Test func spinningHasABound() {
        #expect(WaitStrategy(spin: .seconds(Int64.max)).spinNanoseconds == 86_400_000_000_000)
        #expect(WaitStrategy(spin: .seconds(Int64.min)).spinNanoseconds == 0)
        #expect(WaitStrategy.sleeping.spinNanoseconds == 20_000)
    }

    @Test func namedMemoryWorksTheSame() throws {
        let pair = try RingPair(backing: .named)
        try pair.client.send(100, seed: 9)
        #expect(try pair.server.receive(seed: 9) == 100)
    }
}
