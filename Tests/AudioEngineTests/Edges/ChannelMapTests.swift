import Testing

@testable import AudioEngine

@Suite struct ChannelMapTests {
    func map(_ input: [Float], from: Int, to: Int) -> [Float] {
        let frames = input.count / from
        var output = [Float](repeating: 9, count: frames * to)
        ChannelMap(from: from, to: to).apply(input, &output, frames: frames)
        return output
    }

    @Test func equalChannelsStayInPlace() {
        #expect(map([1, 2, 3, 4], from: 2, to: 2) == [1, 2, 3, 4])
    }

    @Test func oneChannelGoesToAll() {
        #expect(map([1, 2], from: 1, to: 3) == [1, 1, 1, 2, 2, 2])
    }

    @Test func missingChannelsAreSilent() {
        #expect(map([1, 2, 3, 4], from: 2, to: 3) == [1, 2, 0, 3, 4, 0])
    }

    @Test func surplusChannelsAreDropped() {
        #expect(map([1, 2, 3, 4, 5, 6], from: 3, to: 2) == [1, 2, 4, 5])
        #expect(map([1, 2, 3, 4], from: 2, to: 1) == [1, 3])
    }
}
