import AudioEngine
import ChainModel
import ControlProtocol
import Foundation
import Node
import SoundpostChannels
import Testing
import WireFormats

/// Taps, read as another program would.
@Suite struct TapTests {
    private struct Reader {
        let connection: RingConnection
        let form: [String: JSONValue]

        init(_ tap: String) throws {
            connection = try RingConnection.connect(tap, codec: .raw)
            guard let record = try connection.borrow(timeout: .seconds(60)),
                case .object(let members) = try JSONParser.parse(record.bytes)
            else { throw ChannelError(.receiveFailed, channel: tap, "no form") }
            form = members
        }

        /// The next record's position, lost frames and samples.
        func next() throws -> (position: UInt64, missed: UInt32, samples: [Float])? {
            guard let record = try connection.borrow(timeout: .seconds(60)) else { return nil }
            let frames = Int(record.bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            let samples = record.bytes[16...].withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            guard case .integer(let channels) = form["channels"] else { return nil }
            #expect(samples.count == frames * Int(channels))
            return (
                record.bytes.loadUnaligned(as: UInt64.self),
                record.bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self), samples
            )
        }
    }

    /// Reads in the background: the engine goes on meanwhile.
    private func read(_ tap: String, records: Int) async throws -> (form: [String: JSONValue], frames: Int, peak: Float)
    {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let reader = try Reader(tap)
                        defer { reader.connection.close() }
                        var expected: UInt64 = 0
                        var frames = 0
                        var peak: Float = 0
                        for _ in 0..<records {
                            guard let record = try reader.next() else { break }
                            #expect(record.position == expected + UInt64(record.missed))
                            let count = record.samples.count / 2
                            expected = record.position + UInt64(count)
                            frames += count
                            peak = record.samples.reduce(peak) { max($0, abs($1)) }
                        }
                        return (reader.form, frames, peak)
                    })
            }
        }
    }

    private func open(_ fields: String, _ bed: TestBed, _ client: RecordingClient) async throws -> String {
        let answer = try await bed.ask(client, #"{"type":"open_tap",\#(fields)}"#)
        guard case .string(let tap) = answer.json["tap"] else { throw ControlError(.badField, "\(answer)") }
        return tap
    }

    @Test(arguments: [#""instanceId":"eq#1","port":"input""#, #""instanceId":"$io""#, #""instanceId":"gain#1""#])
    func everySampleOfAWireIsRead(_ fields: String) async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let tap = try await open(fields, bed, client)
            let heard = try await read(tap, records: 20)
            #expect(heard.form["sampleRate"] == 48_000 && heard.form["channels"] == 2)
            #expect(heard.frames > 0)
            #expect(heard.peak > 0.001)
        }
    }

    @Test func aTapThatIsClosedEndsForItsReader() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let tap = try await open(#""instanceId":"$io""#, bed, client)
            async let heard = read(tap, records: .max)
            let ack = try await bed.ask(client, #"{"type":"close_tap","tap":"\#(tap)"}"#)
            #expect(ack["of"] == "close_tap")
            do {
                _ = try await heard
            } catch let error as ChannelError {
                // It was closed before the reader had come, or before the first sample.
                #expect([.disconnected, .receiveFailed].contains(error.code))
            }
            let again = try await bed.ask(client, #"{"type":"close_tap","tap":"\#(tap)"}"#)
            #expect(again.type == "error" && again["field"] == "tap")
        }
    }

    @Test func onlyWiresOfTheChainAreTapped() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for name in ["nothing#1", "", "$other", "gain#1/x"] {
                let answer = try await bed.ask(client, #"{"type":"open_tap","instanceId":"\#(name)"}"#)
                #expect(answer.type == "error" && answer["field"] == "instanceId")
            }
        }
    }

    @Test func aTapWhoseReaderHasGoneLeavesNothing() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let tap = try await open(#""instanceId":"$io""#, bed, client)
            _ = try await read(tap, records: 3)
            // The engine tells its reader's end, and nobody has to open another one.
            while await bed.node.figures()?.channels.isEmpty == false { await Task.yield() }
            let ack = try await bed.ask(client, #"{"type":"close_tap","tap":"\#(tap)"}"#)
            #expect(ack.type == "error")
        }
    }

    @Test func whatGoesThroughATapIsCounted() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let tap = try await open(#""instanceId":"$io""#, bed, client)
            let figures = try #require(await bed.node.figures()?.channels.first)
            #expect(figures.channel == tap && figures.kind == "shared_memory" && figures.messagesSent == 0)
            async let heard = read(tap, records: .max)
            var sent = figures
            while sent.messagesSent < 3, let next = await bed.node.figures()?.channels.first {
                sent = next
                await Task.yield()
            }
            #expect(sent.bytesSent > 1000 && sent.messagesReceived == 0)
            _ = try await bed.ask(client, #"{"type":"close_tap","tap":"\#(tap)"}"#)
            _ = try await heard
        }
    }

    /// The lost frames of the first record behind a gap, and whether the positions go on over it.
    private func gap(of tap: String) async throws -> (missed: UInt32, isCounted: Bool) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let reader = try Reader(tap)
                        defer { reader.connection.close() }
                        var expected: UInt64 = 0
                        while let record = try reader.next() {
                            if record.missed > 0 {
                                return (record.missed, record.position == expected + UInt64(record.missed))
                            }
                            expected = record.position + UInt64(record.samples.count / 2)
                        }
                        return (0, false)
                    })
            }
        }
    }

    @Test func aRestartOfTheSimulationIsAGap() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let tap = try await open(#""instanceId":"$io""#, bed, client)
            async let gap = gap(of: tap)
            while let figures = await bed.node.figures()?.channels.first, figures.messagesSent < 3 {
                await Task.yield()
            }
            _ = try await bed.ask(client, #"{"type":"sim_stop"}"#)
            _ = try await bed.ask(client, #"{"type":"sim_start"}"#)
            let found = try await gap
            #expect(found.missed > 0 && found.isCounted)
        }
    }

    @Test func thereIsALimit() async throws {
        try await TestBed.run { bed in
            let client = await bed.client()
            for _ in 0..<16 { _ = try await open(#""instanceId":"$io""#, bed, client) }
            let answer = try await bed.ask(client, #"{"type":"open_tap","instanceId":"$io"}"#)
            #expect(answer["code"] == "busy")
        }
    }
}
