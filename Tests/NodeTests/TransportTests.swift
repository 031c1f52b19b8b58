import AudioEngine
import ChainModel
import Foundation
import Node
import Testing
import WireFormats

@Suite struct TransportTests {
    /// A node that plays two seconds of a tone from its audio directory.
    private func play(_ body: (TestBed, RecordingClient) async throws -> Void) async throws {
        try await TestBed.run(prepare: { try Self.writeTone("tone.wav", in: $0) }) { bed in
            let client = await bed.client()
            let started = try await bed.ask(
                client, #"{"type":"sim_start","input":{"type":"file","path":"tone.wav"},"output":{"type":"browser"}}"#)
            #expect(started.type == "sim_status")
            try await body(bed, client)
        }
    }

    static func writeTone(_ name: String, in bed: TestBed) throws {
        let audio = bed.directory.appending(path: "audio", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
        let path = audio.appending(path: name).path(percentEncoded: false)
        let writer = try AudioFileWriter(path: path, channels: 2, sampleRate: 48_000)
        let samples = [Float](repeating: 0.25, count: 2 * 96_000)
        try samples.withUnsafeBufferPointer { try writer.write($0.baseAddress!, frames: 96_000) }
        try writer.close()
    }

    @Test func theStatusSaysWhatPlaysAndWhere() async throws {
        try await play { bed, client in
            let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
            #expect(
                status.json["input"]
                    == .object(["type": .string("file"), "path": .string("tone.wav"), "loop": .bool(true)]))
            #expect(status.json["output"] == .object(["type": .string("browser")]))
            #expect(status["running"] == true && status["seekable"] == true && status["playing"] == true)
            #expect(status["durationMs"] == 2000)
            #expect(status["timestamp"] == 1_700_000_000_000)
        }
    }

    @Test func aPauseIsToldToEverybody() async throws {
        try await play { bed, client in
            let bob = await bed.client("bob")
            let answer = try await bed.ask(client, #"{"type":"set_transport","playing":false,"positionMs":500}"#)
            #expect(answer["playing"] == false && answer["positionMs"] == 500)
            #expect(bob.messages(ofType: "transport_status").last?["playing"] == false)
            let again = try await bed.ask(client, #"{"type":"set_transport","loop":false,"playing":true}"#)
            #expect(again["playing"] == true && again["loop"] == false)
        }
    }

    @Test func anotherSinkGoesOnAtTheSamePlace() async throws {
        try await play { bed, client in
            try await bed.ask(client, #"{"type":"set_transport","playing":false,"positionMs":1500}"#)
            try await bed.ask(
                client, #"{"type":"sim_start","input":{"type":"file","path":"tone.wav"},"output":{"type":"none"}}"#)
            let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
            #expect(status["positionMs"] == 1500 && status["playing"] == false)
        }
    }

    @Test func whatCannotBePausedOrMovedSaysSo() async throws {
        try await TestBed.run(source: .generator, startSimulation: true) { bed in
            let client = await bed.client()
            let refusal = try await bed.ask(client, #"{"type":"set_transport","positionMs":10}"#)
            #expect(refusal.type == "error")
            let paused = try await bed.ask(client, #"{"type":"set_transport","playing":false}"#)
            #expect(paused["playing"] == false && paused["durationMs"] == 0)
            try await bed.ask(client, #"{"type":"sim_stop"}"#)
            let stopped = try await bed.ask(client, #"{"type":"set_transport","playing":true}"#)
            #expect(stopped.type == "error")
            let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
            #expect(status["running"] == false)
            #expect(status.json["input"] == .object(["type": .string("generator")]))
        }
    }

    @Test func aStartThatFailsGoesOnWhereItWas() async throws {
        try await play { bed, client in
            try await bed.ask(client, #"{"type":"set_transport","playing":false,"positionMs":1500}"#)
            let refusal = try await bed.ask(
                client, #"{"type":"sim_start","input":{"type":"soundcard","deviceName":"no such card"}}"#)
            #expect(refusal.type == "error")
            let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
            #expect(status["running"] == true)
            #expect(status["positionMs"] == 1500 && status["playing"] == false)
        }
    }

    @Test(
        arguments: [
            (#""input":{"type":"soundcard","channels":[0,0]}"#, "input.channels", "at least one"),
            (#""input":{"type":"soundcard","channels":[]}"#, "input.channels", "at least one"),
            (#""output":{"type":"soundcard","channels":[2,0,2]}"#, "output.channels", "channel 2"),
            (#""output":{"type":"soundcard","channels":[300]}"#, "output.channels", "300"),
            (#""output":{"type":"soundcard","channels":[-1]}"#, "output.channels", "-1"),
        ]
    )
    func channelsThatNoCardHasAreRefused(end: String, field: String, words: String) async throws {
        try await play { bed, client in
            let refusal = try await bed.ask(client, #"{"type":"sim_start",\#(end)}"#)
            #expect(refusal.type == "error")
            #expect(refusal["code"] == "out_of_range" && refusal["field"] == field)
            let message: String? = refusal["message"]
            #expect(message?.contains(words) == true)
            #expect(try await bed.ask(client, #"{"type":"get_transport"}"#)["running"] == true)
        }
    }

    /// The node does not play: what it was started with is what it would play.
    @Test func channelsOfACardAreShown() async throws {
        let channels = try CardChannels([3, 0, 4], of: .output)
        let bed = TestBed(sink: .card(name: "Studio", channels: channels))
        defer { bed.remove() }
        try await bed.node.start()
        let client = await bed.client()
        let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
        let numbers: [JSONValue] = [.integer(3), .integer(0), .integer(4)]
        #expect(
            status.json["output"]
                == .object(["type": .string("soundcard"), "deviceName": .string("Studio"), "channels": .array(numbers)])
        )
    }

    /// A node is started with a path, clients know the file by its name.
    @Test func theConfiguredSourceIsKnownByItsName() async throws {
        let bed = TestBed()
        defer { bed.remove() }
        try Self.writeTone("tone.wav", in: bed)
        let path = bed.directory.path(percentEncoded: false) + "/./audio/tone.wav"
        let played = TestBed(directory: bed.directory, source: .file(path: path, loops: true), startSimulation: true)
        try await played.node.start()
        let client = await played.client()
        try await played.ask(client, #"{"type":"set_transport","playing":false,"positionMs":500}"#)
        try await played.ask(
            client, #"{"type":"sim_start","input":{"type":"file","path":"tone.wav"},"output":{"type":"browser"}}"#)
        let status = try await played.ask(client, #"{"type":"get_transport"}"#)
        #expect(status["positionMs"] == 500 && status["playing"] == false)
        let refusal = try await played.ask(client, #"{"type":"delete_audio_file","name":"tone.wav"}"#)
        #expect(refusal["code"] == "busy")
        #expect(FileManager.default.fileExists(atPath: bed.file("audio/tone.wav").path))
        await played.node.stop()
    }

    @Test func audioFilesAreListedAndRemoved() async throws {
        try await play { bed, client in
            try Self.writeTone("other.wav", in: bed)
            try Data("no sound".utf8).write(to: bed.file("audio/notes.txt"))
            let bob = await bed.client("bob")
            let list = try await bed.ask(client, #"{"type":"list_audio_files"}"#)
            guard case .array(let files) = list.json["files"], case .object(let first) = files.first else {
                Issue.record("no files")
                return
            }
            #expect(files.count == 2)
            #expect(first["name"] == .string("other.wav") && first["kept"] == .bool(true))
            #expect(first["durationMs"] == .integer(2000) && first["channels"] == .integer(2))
            let inUse = try await bed.ask(client, #"{"type":"delete_audio_file","name":"tone.wav"}"#)
            #expect(inUse.type == "error" && inUse["code"] == "busy")
            let gone = try await bed.ask(client, #"{"type":"delete_audio_file","name":"other.wav"}"#)
            #expect(gone.type == "ack")
            #expect(!FileManager.default.fileExists(atPath: bed.file("audio/other.wav").path))
            while bob.messages(ofType: "audio_file_list").isEmpty { await Task.yield() }
            for name in ["other.wav", "../current_link.json", ".hidden", "", "a/b"] {
                let refusal = try await bed.ask(client, #"{"type":"delete_audio_file","name":"\#(name)"}"#)
                #expect(refusal.type == "error" && refusal["field"] == "name", "\(name)")
            }
        }
    }
}
