import ControlProtocol
import Testing

@testable import SoundpostClient

@Suite struct EventBufferTests {
    private func change(_ number: Int) -> NodeEvent {
        .message(ParameterUpdate(instanceId: "gain#1", paramId: "gainDb#0", value: "\(number)"))
    }

    private func meter(_ number: Int64) -> NodeEvent {
        .message(LogLine(level: .info, source: "node", message: "line", timestamp: number))
    }

    /// `c3` for a change, `m3` for a meter, `missed 3`.
    private func names(_ buffer: inout EventBuffer) -> [String] {
        var names: [String] = []
        while let event = buffer.pop() {
            switch event {
            case .message(let update as ParameterUpdate): names.append("c\(update.value)")
            case .message(let line as LogLine): names.append("m\(line.timestamp)")
            case .missed(let count): names.append("missed \(count)")
            case .message, .unknown: names.append("?")
            }
        }
        return names
    }

    @Test func eventsComeInOrder() {
        var buffer = EventBuffer(stateLimit: 10, meterLimit: 10)
        for event in [change(1), meter(2), meter(3), change(4), meter(5)] { buffer.append(event) }
        #expect(names(&buffer) == ["c1", "m2", "m3", "c4", "m5"])
    }

    @Test func oldestMetersGiveWayAndNoChangeDoes() {
        var buffer = EventBuffer(stateLimit: 10, meterLimit: 2)
        buffer.append(change(0))
        for number in 1...100 { buffer.append(meter(Int64(number))) }
        buffer.append(change(101))
        #expect(names(&buffer) == ["c0", "m99", "m100", "c101"])
    }

    @Test func lostChangesAreSaid() {
        var buffer = EventBuffer(stateLimit: 3, meterLimit: 2)
        for number in 1...10 { buffer.append(change(number)) }
        #expect(names(&buffer) == ["missed 7", "c8", "c9", "c10"])
        buffer.append(change(11))
        #expect(names(&buffer) == ["c11"])
    }

    @Test func whatWaitsCanBeReadAfterTheEnd() {
        var buffer = EventBuffer(stateLimit: 3, meterLimit: 2)
        buffer.append(change(1))
        buffer.finish()
        buffer.append(change(2))
        #expect(names(&buffer) == ["c1"])
    }
}
