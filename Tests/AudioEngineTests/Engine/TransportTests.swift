import ChainModel
import Foundation
import Synchronization
import Testing

@testable import AudioEngine

@Suite struct TransportTests {
    let folder: TemporaryFolder
    let stepped = SteppedEngine()
    var engine: Engine { stepped.engine }

    /// Seconds of the file, and its rate.
    static let seconds = 4
    static let rate = 48_000

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A file whose samples tell their place: a ramp from 0 to 0.5.
    func start(loops: Bool = true, rate: Int = rate) throws {
        let count = Self.seconds * rate
        let ramp = (0..<count).map { 0.5 * Float($0) / Float(count) }
        try Signal(channels: [ramp, ramp], sampleRate: rate).write(to: folder.file("ramp.wav"))
        let setup = ChainSetup(chain: try TestChain.series([TestChain.gain]))
        try engine.start(
            setup, source: .file(path: folder.file("ramp.wav"), loops: loops), sink: .none)
    }

    /// The second of the file that the last frame told.
    func heard(after frames: Int) -> Double {
        stepped.driver.step(frames)
        let last = stepped.driver.takeCaptured().last ?? 0
        return Double(last) / 0.5 * Double(Self.seconds)
    }

    /// Steps until what was asked for is heard: the place that was told moves on.
    func stepUntilHeard() {
        let asked = engine.transport?.position
        for _ in 0..<2000 {
            stepped.driver.step(1)
            guard engine.transport?.position == asked else { break }
            PollingPause.oneMillisecond()
        }
        stepped.driver.step(40)
    }

    /// The same, unheard.
    func settle() {
        stepUntilHeard()
        _ = stepped.driver.takeCaptured()
    }

    @Test func thePositionIsWhatIsHeard() throws {
        try start()
        let place = heard(after: 750)
        let transport = try #require(engine.transport)
        #expect(abs(place - 1) < 0.01)
        #expect(abs(transport.position - place) < 0.01)
        #expect(transport.duration == 4 && transport.isSeekable && transport.isPlaying && transport.loops)
        engine.stop()
        #expect(engine.transport == nil)
    }

    @Test func aPauseHoldsThePlaceAndPlayGoesOnThere() throws {
        try start()
        _ = heard(after: 750)
        try engine.setTransport(isPlaying: false)
        #expect(heard(after: 60) == 0)
        let place = try #require(engine.transport).position
        #expect(heard(after: 500) == 0)
        #expect(engine.transport?.position == place)
        #expect(engine.transport?.isPlaying == false)
        #expect(engine.status().missedInputFrames == 0)
        try engine.setTransport(isPlaying: true)
        let next = heard(after: 75)
        #expect(abs(next - place - 0.1) < 0.01)
        engine.stop()
    }

    @Test(arguments: [48_000, 44_100]) func aSeekIsHeardFromItsPlace(rate: Int) throws {
        try start(rate: rate)
        _ = heard(after: 100)
        try engine.setTransport(position: 3)
        #expect(engine.transport?.position == 3)
        settle()
        let place = heard(after: 1)
        #expect(place > 3 && place < 3.5)
        let told = try #require(engine.transport).position
        #expect(abs(told - place) < 0.02)
        try engine.setTransport(position: -7)
        settle()
        #expect(heard(after: 1) < 0.5)
        engine.stop()
    }

    @Test func aSeekWhilePausedIsHeardWhenItPlays() throws {
        try start()
        _ = heard(after: 100)
        try engine.setTransport(isPlaying: false, position: 2)
        #expect(heard(after: 50) == 0)
        #expect(engine.transport?.position == 2)
        try engine.setTransport(isPlaying: true)
        settle()
        let place = heard(after: 1)
        #expect(place > 2 && place < 2.5)
        let told = try #require(engine.transport).position
        #expect(abs(told - place) < 0.01)
        engine.stop()
    }

    @Test func aSeekBeyondAllNumbersIsTheEnd() throws {
        try start(loops: false)
        _ = heard(after: 10)
        try engine.setTransport(position: 1e300)
        #expect(engine.transport?.position == 4)
        #expect(throws: EngineError.self) { try engine.setTransport(position: .nan) }
        #expect(heard(after: 100) == 0)
        engine.stop()
    }

    /// As written by an encoder that did not know how long the stream would be.
    @Test(arguments: [false, true]) func aFileThatDoesNotSayHowLongItIsPlays(loops: Bool) throws {
        let path = folder.file("stream.flac")
        try Signal.sine(500, amplitude: 0.5, channels: 2, count: 3 * 48_000).write(to: path)
        try FlacHeader.setFrameCount(0, of: path)
        try engine.start(
            ChainSetup(chain: try TestChain.series([TestChain.gain])), source: .file(path: path, loops: loops),
            sink: .none)
        _ = heard(after: 10)
        var transport = try #require(engine.transport)
        #expect(transport.position > 0 && !transport.hasEnded)
        #expect(transport.duration == 0 && !transport.isSeekable)
        #expect(throws: EngineError.self) { try engine.setTransport(position: 1e300) }
        // Once its end was read ahead it is a file like any other.
        stepped.driver.step(3 * 750 + 100)
        transport = try #require(engine.transport)
        #expect(transport.hasEnded == !loops)
        #expect(transport.duration == 3 && transport.isSeekable)
        try engine.setTransport(position: 1e300)
        #expect(engine.transport?.position == 3)
        engine.stop()
    }

    @Test func aFileThatIsShorterThanItSaysEndsWhereItEnds() throws {
        let path = folder.file("cut.flac")
        try Signal.sine(500, amplitude: 0.5, channels: 2, count: 48_000).write(to: path)
        try FlacHeader.setFrameCount(96_000, of: path)
        try engine.start(
            ChainSetup(chain: try TestChain.series([TestChain.gain])), source: .file(path: path, loops: false),
            sink: .none)
        stepped.driver.step(760)
        let transport = try #require(engine.transport)
        #expect(transport.hasEnded && transport.position == 1)
        try engine.setTransport(isPlaying: true)
        settle()
        #expect(engine.transport?.hasEnded == false)
        engine.stop()
    }

    @Test func withoutLoopItEndsAndPlayBeginsAgain() throws {
        try start(loops: false)
        #expect(heard(after: 4 * 750 + 10) == 0)
        #expect(engine.transport?.hasEnded == true)
        #expect(engine.transport?.position == 4)
        try engine.setTransport(isPlaying: true)
        settle()
        #expect(heard(after: 1) < 0.5)
        #expect(engine.transport?.hasEnded == false)
        engine.stop()
    }

    @Test func aLoopThatIsSwitchedOnAfterTheEndBeginsAgain() throws {
        try start(loops: false)
        #expect(heard(after: 4 * 750 + 10) == 0)
        try engine.setTransport(loops: true)
        settle()
        let place = heard(after: 1)
        #expect(place > 0 && place < 0.5)
        #expect(engine.transport?.hasEnded == false && engine.transport?.loops == true)
        engine.stop()
    }

    @Test func aLoopThatIsSwitchedOffEndsAtTheEnd() throws {
        try start()
        // The ring already holds the second round.
        _ = heard(after: 4 * 750 - 100)
        try engine.setTransport(loops: false)
        settle()
        #expect(heard(after: 300) == 0)
        #expect(engine.transport?.hasEnded == true)
        engine.stop()
    }

    @Test func theGeneratorPausesButHasNoPlaces() throws {
        try engine.start(ChainSetup(chain: try TestChain.series([TestChain.gain])), source: .generator, sink: .none)
        #expect(engine.transport?.isSeekable == false)
        #expect(engine.transport?.canPause == true)
        #expect(throws: EngineError.self) { try engine.setTransport(position: 1) }
        #expect(throws: EngineError.self) { try engine.setTransport(isPlaying: false, loops: false) }
        #expect(engine.transport?.isPlaying == true)
        try engine.setTransport(isPlaying: false)
        stepped.driver.step(60)
        _ = stepped.driver.takeCaptured()
        stepped.driver.step(10)
        #expect(stepped.driver.takeCaptured().allSatisfy { $0 == 0 })
        engine.stop()
        #expect(throws: EngineError.self) { try engine.setTransport(isPlaying: true) }
    }

    @Test func whatComesByItselfCannotBePaused() throws {
        try engine.start(ChainSetup(chain: try TestChain.series([TestChain.gain])), source: .silence, sink: .none)
        #expect(engine.transport?.canPause == false)
        #expect(throws: EngineError.self) { try engine.setTransport(isPlaying: false) }
        engine.stop()
    }

    @Test func aRestartGoesOnAtThePlace() throws {
        try start()
        _ = heard(after: 750)
        try engine.setTransport(isPlaying: false)
        stepped.driver.step(60)
        let transport = try #require(engine.transport)
        engine.stop()
        try engine.start(
            ChainSetup(chain: try TestChain.series([TestChain.gain])),
            source: .file(path: folder.file("ramp.wav"), loops: true), sink: .none, resuming: transport)
        let resumed = try #require(engine.transport)
        #expect(abs(resumed.position - transport.position) < 0.001 && !resumed.isPlaying)
        engine.stop()
    }

    func startTone() throws {
        let tone = (0..<Self.rate).map { 0.5 * sin(2 * Float.pi * 200 * Float($0) / Float(Self.rate)) }
        try Signal(channels: [tone, tone]).write(to: folder.file("tone.wav"))
        try engine.start(
            ChainSetup(chain: try TestChain.series([TestChain.gain])),
            source: .file(path: folder.file("tone.wav"), loops: true), sink: .none)
        stepped.driver.step(100)
    }

    /// A fade of 20 ms: no sample further from its neighbours' line than the fade bends.
    func expectNoClick(in heard: [Float]) {
        var worst: Float = 0
        for frame in 2..<(heard.count / 2) {
            let bend = heard[2 * frame] - 2 * heard[2 * frame - 2] + heard[2 * frame - 4]
            worst = max(worst, abs(bend))
        }
        // The tone's own: 0.5·(2π·200/48000)² = 3.4e-4.
        #expect(worst < 5e-4)
        #expect(heard.suffix(2 * 480).contains { abs($0) > 0.4 }, "it plays on")
    }

    @Test func aPauseDoesNotClick() throws {
        try startTone()
        try engine.setTransport(isPlaying: false)
        stepped.driver.step(50)
        try engine.setTransport(isPlaying: true)
        stepped.driver.step(50)
        expectNoClick(in: stepped.driver.takeCaptured())
        engine.stop()
    }

    /// To places where the tone is at its peak, at zero and in between.
    @Test func aSeekDoesNotClick() throws {
        try startTone()
        for place in [0.50125, 0.25, 0.1007, 0] {
            try engine.setTransport(position: place)
            stepUntilHeard()
        }
        expectNoClick(in: stepped.driver.takeCaptured())
        engine.stop()
    }

    @Test func aLoopThatIsSwitchedDoesNotClick() throws {
        try startTone()
        for loops in [false, true] {
            try engine.setTransport(loops: loops)
            stepUntilHeard()
        }
        expectNoClick(in: stepped.driver.takeCaptured())
        engine.stop()
    }
}
