import Testing

@testable import SoundpostChannels

@Suite struct LineBufferTests {
    /// Feeds `stream` in random pieces; the lines that come out.
    private func lines(of stream: [UInt8], limit: Int, seed: UInt64) -> [[UInt8]] {
        var buffer = LineBuffer(limit: limit)
        var random = SeededGenerator(seed)
        var lines: [[UInt8]] = []
        var fed = 0
        while true {
            while let line = buffer.nextLine() { lines.append(Array(line)) }
            if fed == stream.count || buffer.isTooLong { return lines }
            let room = buffer.room()
            let largest = [2, 100, 10_000, 1 << 20].randomElement(using: &random) ?? 1
            let count = min(room.count, Int.random(in: 1...largest, using: &random), stream.count - fed)
            room.copyBytes(from: stream[fed..<fed + count])
            buffer.added(count)
            fed += count
        }
    }

    @Test(arguments: 0..<20)
    func anyCutsGiveTheSameLines(_ seed: Int) {
        var random = SeededGenerator(UInt64(seed))
        var expected: [[UInt8]] = []
        for _ in 0..<300 {
            let largest = [0, 1, 50, 3000, 200_000].randomElement(using: &random) ?? 0
            let count = Int.random(in: 0...largest, using: &random)
            expected.append((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }.map { $0 == 10 ? 11 : $0 })
        }
        let stream = Array(expected.map { $0 + [10] as [UInt8] }.joined())
        let isSame = lines(of: stream + [1, 2, 3], limit: 200_000, seed: UInt64(seed)) == expected
        #expect(isSame)
    }

    @Test(arguments: [1, 10, 65_535, 65_536, 65_537, 200_000])
    func aLineOfTheLimitFitsAndALongerOneDoesNot(_ limit: Int) {
        for seed in 0..<5 {
            let fits = [UInt8](repeating: 32, count: limit)
            #expect(
                lines(of: fits + [10] + fits + [10], limit: limit, seed: UInt64(seed)).map(\.count) == [limit, limit])
            var buffer = LineBuffer(limit: limit)
            var rest = limit + 1
            while rest > 0 {
                let isEarly = buffer.isTooLong
                #expect(!isEarly)
                let room = buffer.room()
                room.initializeMemory(as: UInt8.self, repeating: 32)
                let count = min(room.count, rest)
                buffer.added(count)
                rest -= count
                let hasLine = buffer.nextLine() != nil
                #expect(!hasLine)
            }
            let isTooLong = buffer.isTooLong
            #expect(isTooLong)
        }
    }

    @Test func knowsWhetherALineHasBegun() {
        var buffer = LineBuffer(limit: 10)
        var isInLine = buffer.isInLine
        #expect(!isInLine)
        buffer.room().copyBytes(from: Array("a\nb".utf8))
        buffer.added(3)
        let line = buffer.nextLine().map { Array($0) }
        #expect(line == [97])
        isInLine = buffer.isInLine
        #expect(isInLine)
        let isOver = buffer.nextLine() == nil
        #expect(isOver)
    }
}
