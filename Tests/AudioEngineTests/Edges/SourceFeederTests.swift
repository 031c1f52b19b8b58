import CDynamicChain
import Dispatch
import Foundation
import Logging
import Testing

@testable import AudioEngine

@Suite struct SourceFeederTests {
    private static let chunkFrames = 256
    private let ring: AudioRing
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        ring = try AudioRing(channels: 1, frames: 1024)
    }

    private func feeder(_ source: ScriptedSource) -> SourceFeeder {
        SourceFeeder(seekable: source, ring: ring, chunkFrames: Self.chunkFrames, logger: logger)
    }

    /// Takes frames from the ring, as the driver does.
    private func hear(_ frames: Int) -> [Float] {
        var samples = [Float](repeating: -1, count: frames)
        #expect(DynRing_ReadInterleaved(ring.pointer, &samples, UInt32(frames)) == UInt32(frames))
        return samples
    }

    private func ramp(from first: Int, _ count: Int) -> [Float] {
        (first..<(first + count)).map { Float($0) }
    }

    /// Serves and hears until the source and what stands for silence behind it are through.
    private func hearAll(_ feeder: SourceFeeder, rounds: Int) {
        for _ in 0..<rounds {
            feeder.serve()
            _ = hear(1024)
        }
    }

    @Test func theFeederAnswersWhileTheSourceIsRead() throws {
        let source = ScriptedSource(count: 4000)
        let feeder = feeder(source)
        var asked = 0
        source.beforeRead = {
            asked += 1
            #expect(feeder.transport.duration == 4 && !feeder.hasEnded)
            try feeder.change(isPlaying: asked % 2 == 0, position: nil, loops: nil)
        }
        feeder.serve()
        #expect(asked == 4)
        #expect(hear(1024) == ramp(from: 0, 1024))
    }

    @Test func whatWasReadBeforeAMoveIsNotHeardAfterIt() throws {
        let source = ScriptedSource(count: 4000)
        let feeder = feeder(source)
        feeder.serve()
        _ = hear(512)
        var reads = 0
        source.beforeRead = {
            reads += 1
            if reads == 1 { try feeder.change(isPlaying: nil, position: 3, loops: nil) }
        }
        feeder.serve()
        #expect(reads == 1, "nothing more is read that nobody wants")
        #expect(feeder.transport.position == 3)
        feeder.serve()
        #expect(hear(512) == ramp(from: 3000, 512))
        #expect(abs(feeder.transport.position - 3.512) < 1e-9)
    }

    @Test func aMoveThatIsAskedForDuringAMoveIsTheOneThatCounts() throws {
        let source = ScriptedSource(count: 4000)
        let feeder = feeder(source)
        feeder.serve()
        try feeder.change(isPlaying: nil, position: 3, loops: nil)
        var isFirst = true
        source.beforeRead = {
            if isFirst { try feeder.change(isPlaying: nil, position: 1, loops: nil) }
            isFirst = false
        }
        feeder.serve()
        #expect(feeder.transport.position == 1)
        feeder.serve()
        #expect(hear(4) == [1000, 1001, 1002, 1003])
    }

    @Test func stoppingDoesNotWaitForASourceThatDoesNotAnswer() {
        let source = ScriptedSource(count: 4000)
        let entered = DispatchSemaphore(value: 0)
        let answer = DispatchSemaphore(value: 0)
        source.beforeRead = {
            entered.signal()
            answer.wait()
        }
        let feeder = feeder(source)
        feeder.start(every: .milliseconds(1))
        entered.wait()
        #expect(feeder.transport.position == 0)
        feeder.stop(patience: .milliseconds(1))
        feeder.stop()
        answer.signal()
    }

    /// The writer of a pipe pauses before the first chunk is full.
    @Test func aPipeWhoseWriterPausesHoldsUpNobody() throws {
        let folder = try TemporaryFolder()
        try Signal.noise(channels: 1, count: 5000).write(to: folder.file("whole.wav"))
        let bytes = try #require(FileManager.default.contents(atPath: folder.file("whole.wav")))
        #expect(mkfifo(folder.file("pipe.wav"), 0o600) == 0)
        // For both directions: neither this nor the reader's opening waits.
        let pipe = open(folder.file("pipe.wav"), O_RDWR | O_CLOEXEC)
        let written = bytes.prefix(1000).withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
        #expect(written == 1000)
        let reader = try AudioFileReader(path: folder.file("pipe.wav"))
        #expect(!reader.isSeekable)
        let feeder = SourceFeeder(
            seekable: FileSource(reader: reader, loops: true), ring: ring, chunkFrames: 512, logger: logger)
        feeder.start(every: .milliseconds(1))
        #expect(!feeder.transport.isSeekable && feeder.transport.duration == 0)
        #expect(throws: EngineError.self) { try feeder.change(isPlaying: nil, position: 0, loops: nil) }
        try feeder.change(isPlaying: false, position: nil, loops: nil)
        feeder.stop(patience: .milliseconds(1))
        #expect(!feeder.hasEnded)
        close(pipe)
    }

    @Test func theEndIsWhereTheSourceEndsAndNotWhereItSaidSo() throws {
        let source = ScriptedSource(count: 1500, saying: 9)
        let feeder = feeder(source)
        #expect(feeder.transport.duration == 9)
        hearAll(feeder, rounds: 1)
        #expect(!feeder.transport.hasEnded)
        hearAll(feeder, rounds: 1)
        let transport = feeder.transport
        #expect(transport.hasEnded && transport.position == 1.5 && transport.duration == 1.5)
        try feeder.change(isPlaying: true, position: nil, loops: nil)
        #expect(!feeder.transport.hasEnded)
        feeder.serve()
        #expect(hear(3) == [0, 1, 2])
    }

    @Test func aLoopIsAsLongAsTheSourceAndNotAsItSaid() {
        let source = ScriptedSource(count: 1500, saying: 9, loops: true)
        let feeder = feeder(source)
        hearAll(feeder, rounds: 2)
        #expect(feeder.transport.duration == 1.5)
        #expect(abs(feeder.transport.position - 0.548) < 1e-9)
        #expect(!feeder.transport.hasEnded)
    }

    @Test func aLoopThatIsSwitchedOnAfterTheEndBeginsAgain() throws {
        let feeder = feeder(ScriptedSource(count: 500))
        hearAll(feeder, rounds: 1)
        #expect(feeder.transport.hasEnded)
        try feeder.change(isPlaying: nil, position: nil, loops: true)
        #expect(feeder.transport.loops && feeder.transport.position == 0 && !feeder.transport.hasEnded)
        feeder.serve()
        #expect(hear(502) == ramp(from: 0, 500) + ramp(from: 0, 2))
    }

    @Test func aLoopThatIsSwitchedOnAfterTheEndWaitsWhilePaused() throws {
        let feeder = feeder(ScriptedSource(count: 500))
        hearAll(feeder, rounds: 1)
        try feeder.change(isPlaying: false, position: nil, loops: true)
        #expect(feeder.transport.hasEnded && feeder.transport.position == 0.5)
        try feeder.change(isPlaying: true, position: nil, loops: nil)
        feeder.serve()
        #expect(hear(2) == [0, 1])
    }

    @Test func aLoopThatFailedBeginsAgainWithPlay() throws {
        let source = ScriptedSource(count: 4000, loops: true)
        let feeder = feeder(source)
        hearAll(feeder, rounds: 1)
        source.beforeRead = { throw EngineError(.fileUnreadable, "gone") }
        hearAll(feeder, rounds: 1)
        let transport = feeder.transport
        #expect(transport.hasEnded && transport.loops && transport.position == 1.024 && transport.duration == 4)
        source.beforeRead = {}
        try feeder.change(isPlaying: true, position: nil, loops: nil)
        feeder.serve()
        #expect(hear(2) == [0, 1])
        #expect(!feeder.hasEnded)
    }

    @Test(arguments: [(1e300, 4.0), (.infinity, 4), (-1e300, 0)])
    func aPlaceFarOutsideIsTheStartOrTheEnd(_ wanted: Double, _ expected: Double) throws {
        let feeder = feeder(ScriptedSource(count: 4000))
        feeder.serve()
        try feeder.change(isPlaying: nil, position: wanted, loops: nil)
        feeder.serve()
        #expect(feeder.transport.position == expected)
        #expect(throws: EngineError.self) { try feeder.change(isPlaying: nil, position: .nan, loops: nil) }
    }
}
