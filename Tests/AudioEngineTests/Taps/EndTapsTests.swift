import CDynamicChain
import DynamicChain
import Testing

@testable import AudioEngine

@Suite struct EndTapsTests {
    /// The ring at the chain's end holds half a second, rounded up to a power of two.
    private static let ringFrames = 32_768
    private static let frameSize = 64

    private let plan: EnginePlan
    private let host: EngineHost
    private let input: PlanarBuffer
    private let output: PlanarBuffer
    private var taps: EndTaps

    init() throws {
        plan = try PlanBuilder(registry: ModuleRegistry(), handles: InstanceHandles())
            .build(ChainSetup(chain: try TestChain.series([TestChain.gain], channels: 1, frameSize: Self.frameSize)))
        taps = try EndTaps(format: plan.format)
        host = try EngineHost(
            first: plan, workers: 1, priority: 0, role: .live(input: taps.input, output: taps.output))
        input = PlanarBuffer(channels: 1, frameSize: Self.frameSize)
        output = PlanarBuffer(channels: 1, frameSize: Self.frameSize)
    }

    /// Processes frames whose samples say which frame of the stream they belong to.
    private func process(_ frames: Int) {
        for _ in 0..<frames {
            guard let samples = input.pointers[0] else { return }
            let first = Int(host.position)
            for index in 0..<Self.frameSize { samples[index] = Float(first + index) * 0x1p-20 }
            DynHost_Process(host.pointer, input.inputs, output.pointers)
        }
    }

    @Test mutating func positionsShowWhatNobodyTookInTime() {
        var metrics = MetricsCollector(format: plan.format)
        var chunks: [AudioChunk] = []
        for frames in [10, 600, 10, 700, 1] {
            process(frames)
            taps.drain(into: &metrics, hearing: [WirePoint(instance: nil, side: .output)])
            chunks += taps.takeUnheard().map(\.chunk)
        }
        var next = 0
        var gaps: [Int] = []
        for chunk in chunks {
            let position = Int(chunk.position)
            if position != next { gaps.append(position - next) }
            next = position + chunk.samples.count
            #expect(chunk.samples.first == Float(position) * 0x1p-20)
            #expect(chunk.samples.last == Float(next - 1) * 0x1p-20)
        }
        let lost = [600, 700].map { $0 * Self.frameSize - Self.ringFrames }
        #expect(gaps == lost)
        #expect(next == 1321 * Self.frameSize)
    }

    @Test mutating func levelsAreTakenForSubscribersOnly() throws {
        var metrics = MetricsCollector(format: plan.format)
        process(10)
        taps.drain(into: &metrics, hearing: [])
        let subscription = SubscriptionID(rawValue: 1)
        metrics.add(subscription, handles: nil)
        #expect(metrics.takeModules(of: subscription).isEmpty)
        process(10)
        taps.drain(into: &metrics, hearing: [])
        let handles = Set(metrics.takeModules(of: subscription).keys)
        #expect(handles == [InstanceHandles.chainInput, InstanceHandles.chainOutput])
    }
}
