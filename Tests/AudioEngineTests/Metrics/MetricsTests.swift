import CDynamicChain
import ChainModel
import Testing

@testable import AudioEngine

@Suite struct MetricsTests {
    func record(_ kind: DynHostRecordKind, handle: UInt32 = 0, ns: UInt32 = 0) -> DynHostRecord {
        var record = DynHostRecord()
        record.kind = UInt32(kind.rawValue)
        record.handle = handle
        record.ns = ns
        return record
    }

    func level(_ handle: UInt32, channel: UInt32, peak: Float, square: Float) -> DynHostRecord {
        var record = record(DYNHOST_RECORD_LEVEL, handle: handle)
        record.channel = channel
        record.peak = peak
        record.square = square
        return record
    }

    func collector() throws -> MetricsCollector {
        MetricsCollector(format: HostFormat(chain: try TestChain.series([TestChain.gain], frameSize: 48)))
    }

    @Test func blockTimesBecomePercentiles() throws {
        var collector = try collector()
        collector.take((1...1000).map { record(DYNHOST_RECORD_BLOCK, ns: $0 * 1000) })
        let times = collector.blockTime
        #expect(times.count == 1000)
        #expect(abs(times.p50 - 500) < 1)
        #expect(abs(times.p99 - 990) < 2)
        #expect(abs(times.p999 - 999) < 2)
        #expect(abs(times.max - 1000) < 2)
        collector.reset()
        #expect(collector.blockTime.count == 0 && collector.blockTime.max == 0)
    }

    @Test func loadIsTheShareOfTheFramesTime() throws {
        // 48 samples at 48 kHz last 1 ms.
        var collector = try collector()
        collector.take((0..<100).map { _ in record(DYNHOST_RECORD_BLOCK, ns: 250_000) })
        #expect(abs(collector.loadPercent - 25) < 1e-9)
    }

    @Test func loadForgetsWhatIsOlderThanTwoSeconds() throws {
        var collector = try collector()
        collector.take((0..<1000).map { _ in record(DYNHOST_RECORD_BLOCK, ns: 900_000) })
        collector.take((0..<2000).map { _ in record(DYNHOST_RECORD_BLOCK, ns: 100_000) })
        #expect(abs(collector.loadPercent - 10) < 1e-9)
    }

    @Test func everySubscriberHasItsOwnInterval() throws {
        var collector = try collector()
        let (first, second) = (SubscriptionID(rawValue: 1), SubscriptionID(rawValue: 2))
        collector.add(first, handles: nil)
        collector.add(second, handles: [7])
        collector.take([
            record(DYNHOST_RECORD_MODULE, handle: 7, ns: 2000), record(DYNHOST_RECORD_MODULE, handle: 8, ns: 1),
        ])
        #expect(collector.takeModules(of: first)[7]?.processTimeUs == 2)
        collector.take([record(DYNHOST_RECORD_MODULE, handle: 7, ns: 4000)])
        #expect(collector.takeModules(of: first)[7]?.processTimeUs == 4)
        let late = collector.takeModules(of: second)
        #expect(late[7]?.processTimeUs == 3)
        #expect(late[8] == nil)
        #expect(collector.takeModules(of: second).isEmpty)
    }

    @Test func levelsAreHighestPeakAndMeanPowerInDecibels() throws {
        var collector = try collector()
        let subscriber = SubscriptionID(rawValue: 1)
        collector.add(subscriber, handles: nil)
        collector.take([
            level(3, channel: 0, peak: 0.1, square: 0.02), level(3, channel: 1, peak: 0, square: 0),
            level(3, channel: 0, peak: 0.5, square: 0), level(3, channel: 1, peak: 1e-9, square: 1e-18),
        ])
        let module = try #require(collector.takeModules(of: subscriber)[3])
        #expect(abs(module.outputPeakDb[0] + 6.0206) < 1e-4)
        #expect(abs(module.outputRmsDb[0] + 20) < 1e-4)
        #expect(module.outputPeakDb[1] == -120, "what is below −120 dBFS is reported as −120")
        #expect(module.outputRmsDb[1] == -120)
    }

    @Test func faultsAreCountedByModule() throws {
        var collector = try collector()
        collector.take([record(DYNHOST_RECORD_FAULT, handle: 2), record(DYNHOST_RECORD_FAULT, handle: 2)])
        #expect(collector.faults == [2: 2])
    }

    @Test func anInstanceKeepsItsHandle() throws {
        let handles = InstanceHandles()
        let first = handles.handle(of: try TestChain.id("gain#1"))
        let second = handles.handle(of: try TestChain.id("gain#2"))
        #expect(first != second)
        #expect(handles.handle(of: try TestChain.id("gain#1")) == first)
        #expect(handles.instance(of: second)?.rawValue == "gain#2")
        #expect(handles.instance(of: 99) == nil)
    }
}
