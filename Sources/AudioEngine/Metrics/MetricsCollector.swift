import CDynamicChain
import Histogram

/// Sorts the records of the audio thread into histograms and into the accumulators of the subscribers.
struct MetricsCollector {
    private struct Subscriber {
        /// `nil` = every module.
        let handles: Set<UInt32>?
        var modules: [UInt32: ModuleAccumulator] = [:]
    }

    /// Longest duration that the histogram tells apart: 60 s, to three digits.
    private static let highestNanoseconds: UInt64 = 60_000_000_000

    private let framePeriod: Double
    private let windowFrames: Int
    private var blocks: Histogram<UInt64>
    private var blockCounts = Self.noCounts
    private var blockNanoseconds: UInt64 = 0
    private var load: LoadWindow
    private var cores: [LoadWindow] = []
    private var subscribers: [SubscriptionID: Subscriber] = [:]
    /// What came since somebody last asked, by handle; it goes to all subscribers then. So a record costs the same
    /// however many there are.
    private var recent: [ModuleAccumulator] = []
    /// Frames in which a module's output was not finite, by handle.
    private(set) var faults: [UInt32: UInt64] = [:]

    init(format: HostFormat) {
        framePeriod = format.framePeriod
        windowFrames = format.sampleRate / format.frameSize
        load = LoadWindow(windowFrames: windowFrames)
        blocks = Self.makeHistogram()
    }

    private static let noCounts = [UInt64](repeating: 0, count: EngineMetrics.BlockTime.bounds.count + 1)
    private static let boundsInNanoseconds = EngineMetrics.BlockTime.bounds.map { UInt64($0 * 1000) }

    private static func makeHistogram() -> Histogram<UInt64> {
        Histogram(
            lowestDiscernibleValue: 1, highestTrackableValue: highestNanoseconds, numberOfSignificantValueDigits: .three
        )
    }

    /// Begins to gather for a subscriber; `nil` handles mean every module.
    mutating func add(_ subscription: SubscriptionID, handles: Set<UInt32>?) {
        distribute()
        subscribers[subscription] = Subscriber(handles: handles)
    }

    /// Somebody may ask for levels.
    var hasSubscribers: Bool { !subscribers.isEmpty }

    mutating func remove(_ subscription: SubscriptionID) {
        subscribers[subscription] = nil
    }

    mutating func reset() {
        blocks = Self.makeHistogram()
        blockCounts = Self.noCounts
        blockNanoseconds = 0
    }

    mutating func take(_ records: some Sequence<DynHostRecord>) {
        for record in records {
            switch record.kind {
            case UInt32(DYNHOST_RECORD_BLOCK.rawValue):
                _ = blocks.record(min(UInt64(record.ns), Self.highestNanoseconds))
                blockCounts[Self.bucket(of: UInt64(record.ns))] += 1
                blockNanoseconds += UInt64(record.ns)
                load.add(record.ns)
            case UInt32(DYNHOST_RECORD_CORE.rawValue):
                while cores.count <= Int(record.handle) { cores.append(LoadWindow(windowFrames: windowFrames)) }
                cores[Int(record.handle)].add(record.ns)
            case UInt32(DYNHOST_RECORD_MODULE.rawValue):
                recent[prepare(record.handle)].add(time: record)
            case UInt32(DYNHOST_RECORD_LEVEL.rawValue):
                recent[prepare(record.handle)].add(level: record)
            case UInt32(DYNHOST_RECORD_FAULT.rawValue):
                faults[record.handle, default: 0] += 1
            default:
                break
            }
        }
    }

    private static func bucket(of nanoseconds: UInt64) -> Int {
        boundsInNanoseconds.firstIndex { nanoseconds <= $0 } ?? boundsInNanoseconds.count
    }

    private mutating func prepare(_ handle: UInt32) -> Int {
        let index = Int(handle)
        while recent.count <= index { recent.append(ModuleAccumulator()) }
        return index
    }

    private mutating func distribute() {
        for handle in recent.indices where !recent[handle].isEmpty {
            let number = UInt32(handle)
            for id in subscribers.keys where subscribers[id]?.handles?.contains(number) ?? true {
                subscribers[id]?.modules[number, default: ModuleAccumulator()].add(recent[handle])
            }
            recent[handle] = ModuleAccumulator()
        }
    }

    /// What a subscriber's modules did since it last asked; its accumulators start again.
    mutating func takeModules(of subscription: SubscriptionID) -> [UInt32: ModuleAccumulator] {
        distribute()
        defer { subscribers[subscription]?.modules = [:] }
        return subscribers[subscription]?.modules ?? [:]
    }

    /// Share of the frame's time, in percent.
    var loadPercent: Double { load.meanNanoseconds / framePeriod * 100 }

    /// What all cores do together, in percent of the frame's time.
    var coreLoadPercent: Double { cores.reduce(0) { $0 + $1.meanNanoseconds } / framePeriod * 100 }

    var blockTime: EngineMetrics.BlockTime {
        func microseconds(_ percentile: Double) -> Double { Double(blocks.valueAtPercentile(percentile)) / 1000 }
        let count = blocks.totalCount
        return EngineMetrics.BlockTime(
            p50: count > 0 ? microseconds(50) : 0,
            p99: count > 0 ? microseconds(99) : 0,
            p999: count > 0 ? microseconds(99.9) : 0,
            max: count > 0 ? Double(blocks.max) / 1000 : 0,
            count: count,
            total: Double(blockNanoseconds) / 1000,
            counts: blockCounts
        )
    }

    /// The first `count` cores.
    func cores(_ count: Int) -> [EngineMetrics.Core] {
        cores.prefix(count).map {
            EngineMetrics.Core(
                loadPercent: $0.meanNanoseconds / framePeriod * 100,
                lastFrameTimeUs: Double($0.lastNanoseconds) / 1000
            )
        }
    }
}
