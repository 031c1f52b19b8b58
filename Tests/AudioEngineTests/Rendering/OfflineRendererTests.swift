import ChainModel
import DynamicChain
import Foundation
import Testing

@testable import AudioEngine

@Suite struct OfflineRendererTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @discardableResult
    func render(
        _ setup: ChainSetup,
        _ input: Signal,
        tail: Int? = nil,
        block: Int? = nil,
        workers: Int = 1,
        resample: Bool = false
    ) throws -> (signal: Signal, report: RenderReport) {
        try input.write(to: folder.file("in.wav"))
        let renderer = OfflineRenderer(setup: setup, workers: workers)
        let writer = try AudioFileWriter(
            path: folder.file("out.wav"),
            channels: renderer.outputChannels,
            sampleRate: setup.chain.sampleRate
        )
        let report = try renderer.render(
            input: AudioFileReader(path: folder.file("in.wav")),
            output: writer,
            tailSamples: tail,
            frameSize: block,
            resample: resample
        )
        try writer.close()
        return (try Signal(path: folder.file("out.wav")), report)
    }

    func settings() throws -> [ParameterAssignment] {
        try TestChain.gains(-6) + [
            TestChain.assignment("eq#1", "bandEnable#0#0", .bool(true)),
            TestChain.assignment("eq#1", "gainDb#0#0", .float(9)),
            TestChain.assignment("eq#1", "bandEnable#1#0", .bool(true)),
            TestChain.assignment("eq#1", "type#1#0", .int(3)),
            TestChain.assignment("delay#1", "delaySamples#1", .int(77)),
        ]
    }

    @Test func aDisabledChainCopiesBitForBit() throws {
        let modules = [TestChain.gain, TestChain.eq, TestChain.delay]
        var setup = ChainSetup(try TestChain.series(modules), try settings())
        for module in modules { setup.parameters[try TestChain.parameter(module.id, "enable")] = .bool(false) }
        var input = Signal.noise(channels: 2, count: 1001, peak: 3)
        input.channels[0][5] = -0.0
        let result = try render(setup, input)
        #expect(result.report.latencySamples == 0)
        #expect(result.signal.hasBits(of: input))
    }

    @Test func aDisabledNodeCannotBeEnabledByAParameter() throws {
        var setup = ChainSetup(try TestChain.series([TestChain.gain]), try TestChain.gains(-20))
        setup.chain.modules[0].enabled = false
        setup.parameters[try TestChain.parameter("gain#1", "enable")] = .bool(true)
        let input = Signal.noise(channels: 2, count: 300)
        #expect(try render(setup, input).signal.hasBits(of: input))
    }

    @Test func parametersReachTheSoundFromTheFirstSample() throws {
        let input = Signal.noise(channels: 2, count: 500)
        let output = try render(ChainSetup(try TestChain.series([TestChain.gain]), try TestChain.gains(-6)), input)
            .signal
        let gain = Float(pow(10, -6.0 / 20))
        for channel in 0..<2 {
            for frame in 0..<500 {
                let difference = output.channels[channel][frame] - input.channels[channel][frame] * gain
                #expect(abs(difference) < 1e-6)
            }
        }
    }

    @Test(arguments: [1, 7, 64, 480, 4096])
    func onOneCoreEveryFrameSizeGivesTheSameSamples(block: Int) throws {
        let modules = [TestChain.gain, TestChain.eq, TestChain.delay, TestChain.limiter]
        let setup = ChainSetup(try TestChain.series(modules), try settings())
        let input = Signal.noise(channels: 2, count: 3000)
        let whole = try render(setup, input, tail: 100).signal
        #expect(try render(setup, input, tail: 100, block: block).signal.hasBits(of: whole))
    }

    @Test(arguments: [1, 2])
    func severalCoresGiveTheSameSamplesLaterByTheLatency(workers: Int) throws {
        let modules = [TestChain.gain, TestChain.eq, TestChain.delay]
        var setup = ChainSetup(try TestChain.series(modules), try settings())
        let input = Signal.noise(channels: 2, count: 3000)
        let single = try render(setup, input, tail: 0)
        setup.coreCount = 3
        setup.assignment = [try TestChain.id("eq#1"): 2, try TestChain.id("delay#1"): 1]
        let several = try render(setup, input, workers: workers)
        #expect(several.report.latencySamples == 2 * 64)
        #expect(several.signal.count == 3000 + 128)
        #expect(several.signal.dropFirst(128).hasBits(of: single.signal))
        #expect(several.report.modules.map(\.core) == [0, 2, 1])
    }

    @Test func theOutputIsAsLongAsTheInputAndTheLatency() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.limiter]), [])
        let input = Signal.noise(channels: 2, count: 1000, peak: 0.1)
        let result = try render(setup, input)
        #expect(result.report.latencySamples == 72, "1.5 ms of look-ahead")
        #expect(result.signal.count == 1072)
        #expect(result.report.outputSamples == 1072)
        #expect(result.report.inputSamples == 1000)
        #expect(result.signal.dropFirst(72).hasBits(of: input), "below the ceiling the limiter only delays")
    }

    @Test(arguments: [0, 1, 5000])
    func theTailIsAsLongAsAsked(tail: Int) throws {
        let setup = ChainSetup(try TestChain.series([TestChain.limiter]), [])
        #expect(try render(setup, Signal.noise(channels: 2, count: 640), tail: tail).signal.count == 640 + tail)
    }

    @Test func anEmptyInputGivesTheTailOnly() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain]), [])
        #expect(
            try render(setup, Signal(channels: [[], []]), tail: 10).signal
                == Signal(channels: [[Float]](repeating: [Float](repeating: 0, count: 10), count: 2)))
    }

    @Test func oneChannelFeedsAllInputs() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain], channels: 3), [])
        let input = Signal.noise(channels: 1, count: 200)
        let output = try render(setup, input).signal
        #expect(output.channels == Array(repeating: input.channels[0], count: 3))
    }

    @Test func otherChannelCountsAreRefused() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain], channels: 3), [])
        let error = #expect(throws: EngineError.self) { try render(setup, Signal.noise(channels: 2, count: 10)) }
        #expect(error?.code == .formatMismatch)
        #expect(error?.message.contains("2 channels") == true)
        #expect(error?.message.contains("3") == true)
    }

    @Test func anotherRateIsRefusedUnlessResamplingIsAskedFor() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain]), [])
        let input = Signal.sine(997, amplitude: 0.5, channels: 2, count: 44_100, rate: 44_100)
        let error = #expect(throws: EngineError.self) { try render(setup, input) }
        #expect(error?.code == .formatMismatch)
        #expect(error?.message.contains("44100 Hz") == true)
        let output = try render(setup, input, resample: true).signal
        #expect(abs(output.count - 48_000) <= 1)
        let expected = Signal.sine(997, amplitude: 0.5, count: 48_000).channels[0]
        for frame in 2000..<46_000 { #expect(abs(output.channels[1][frame] - expected[frame]) < 2e-5) }
    }

    @Test func aValueThatDoesNotExistIsRefusedByName() throws {
        let chain = try TestChain.series([TestChain.gain])
        for (key, value, expected) in [
            ("loudness", ParameterValue.float(1), "loudness"), ("gainDb#2", .float(1), "gainDb#2"),
            ("gainDb#0", .float(25), "25"), ("gainDb#0", .float(.nan), "nan"), ("gainDb#0", .bool(true), "float"),
        ] {
            let setup = ChainSetup(chain, [try TestChain.assignment("gain#1", key, value)])
            let error = #expect(throws: EngineError.self) { try render(setup, Signal.noise(channels: 2, count: 10)) }
            #expect(error?.message.contains("gain#1") == true)
            #expect(error?.message.contains(expected) == true)
        }
    }

    @Test func valuesOfInstancesOutsideTheChainAreIgnored() throws {
        let setup = ChainSetup(
            try TestChain.series([TestChain.gain]),
            [try TestChain.assignment("gain#9", "gainDb#0", .float(-6))]
        )
        let input = Signal.noise(channels: 2, count: 100)
        #expect(try render(setup, input).signal == input)
    }

    @Test func moduleTimesAreReportedForEveryModule() throws {
        let setup = ChainSetup(try TestChain.series([TestChain.gain, TestChain.eq]), [])
        let report = try render(setup, Signal.noise(channels: 2, count: 48_000)).report
        #expect(report.modules.map(\.instanceId.rawValue) == ["gain#1", "eq#1"])
        #expect(report.modules.allSatisfy { $0.nsPerSample > 0 })
        #expect(report.realtimeFactor > 0)
        #expect(report.frames == 750)
    }
}
