import AudioEngine
import ControlProtocol
import Foundation
import Node
import Storage
import Testing

/// What a node exports, a node imports.
@Suite struct ArchiveTests {
    private static let deep = String(repeating: "group#1.", count: 12) + "gain#1"

    private func presets(_ bed: TestBed, _ client: RecordingClient, of instance: String) async throws -> [String] {
        try await bed.ask(client, #"{"type":"list_presets","instanceId":"\#(instance)"}"#)
            .strings("presets", "presetId")
    }

    /// Recordings that were stopped at once.
    private func putEmptyAudio(_ bed: TestBed) throws {
        let audio = bed.directory.appending(path: "audio")
        try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
        for name in ["none.wav", "none.flac"] {
            try AudioFileWriter(path: audio.appending(path: name).path, channels: 2, sampleRate: 48_000).close()
        }
    }

    @Test func whatANodeHasWrittenComesWithItsArchive() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "soundpost-\(UUID()).zip")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        #if os(Linux)
            let names = [".hidden", "Bass", "bass"]
        #else
            let names = [".hidden", "bass"]
        #endif
        try await TestBed.run(prepare: { bed in
            try putEmptyAudio(bed)
            let folder = bed.directory.appending(path: "presets").appending(path: Self.deep)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let preset = #"{"instanceId":"\#(Self.deep)","presetId":"deep","params":{}}"#
            try Data(preset.utf8).write(to: folder.appending(path: "deep.json"))
        }) { bed in
            let client = await bed.client()
            for name in names {
                let save = #"{"type":"save_preset","instanceId":"gain#1","presetId":"\#(name)"}"#
                try await #expect(bed.ask(client, save)["success"] == true)
            }
            try await bed.node.exportArchive(to: file, by: "test")
        }
        try await TestBed.run { bed in
            let client = await bed.client()
            // Listed before the import, too, which brings others.
            try await #expect(presets(bed, client, of: "gain#1").isEmpty)
            let summary = try await bed.node.importArchive(from: file, by: "test")
            #expect(summary.presets == names.count + 1)
            try await #expect(presets(bed, client, of: "gain#1") == names)
            try await #expect(presets(bed, client, of: Self.deep) == ["deep"])
            #expect(FileManager.default.fileExists(atPath: bed.file("audio/none.wav").path))
            #expect(FileManager.default.fileExists(atPath: bed.file("audio/none.flac").path))
        }
    }

    @Test func aValueThatStandsForAnotherParameterIsRefused() async throws {
        try await TestBed.run { bed in
            let first = bed.file("first.zip")
            try await bed.node.exportArchive(to: first, by: "test")
            let folder = bed.directory.appending(path: "unpacked")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let paths = try ArchiveReader.extract(first, into: folder)
            var writer = ArchiveWriter()
            for path in paths where path.description != "journal.json" {
                writer.add(file: path.url(in: folder), as: path)
            }
            let values = #"{"delay#1":{"delayMs#0":"2"}}"#
            let journal = #"{"version":1,"values":\#(values),"loadedPresets":{},"history":[]}"#
            writer.add(contents: Data(journal.utf8), as: try ArchivePath("journal.json"))
            let second = bed.file("second.zip")
            try writer.write(to: second)
            let error = await #expect(throws: ControlError.self) {
                try await bed.node.importArchive(from: second, by: "test")
            }
            #expect(error?.code == .badArchive)
            #expect(error?.message.contains("delay#1's delayMs#0") == true)
        }
    }

    @Test func aRecordingThatWasNeverFinishedIsSweptAtTheNextStart() async throws {
        try await TestBed.run { bed in
            let audio = bed.directory.appending(path: "audio")
            try FileManager.default.createDirectory(at: audio, withIntermediateDirectories: true)
            let writer = try AudioFileWriter(
                path: audio.appending(path: "take.wav").path, channels: 1, sampleRate: 48_000)
            let names = try FileManager.default.contentsOfDirectory(atPath: audio.path)
            #expect(names.count == 1)
            #expect(names.allSatisfy(AtomicFile.isTemporary))
            await bed.node.stop()
            try await bed.node.start()
            #expect(try FileManager.default.contentsOfDirectory(atPath: audio.path).isEmpty)
            withExtendedLifetime(writer) {}
        }
    }

    @Test func anImportLeavesNothingOfTheFormerStateInTheSound() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "soundpost-\(UUID()).zip")
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: file) } }
        let prepare: (TestBed) throws -> Void = { try TransportTests.writeTone("tone.wav", in: $0) }
        try await TestBed.run(prepare: prepare) { bed in
            let client = await bed.client()
            try await bed.ask(
                client, #"{"type":"sim_start","input":{"type":"file","path":"tone.wav"},"output":{"type":"browser"}}"#)
            try await bed.node.exportArchive(to: file, by: "test")
            try await bed.ask(client, #"{"type":"set_transport","playing":false,"positionMs":1500}"#)
            try await bed.ask(client, #"{"type":"set_output","audition":{"freq":250,"q":4}}"#)
            try await bed.ask(client, #"{"type":"compare_select","slot":"b"}"#)
            let revision: Int = try #require(try await bed.ask(client, #"{"type":"read_link"}"#)["revision"])
            client.clear()
            _ = try await bed.node.importArchive(from: file, by: "test")
            try await #expect(bed.ask(client, #"{"type":"get_output"}"#).json["audition"] == nil)
            try await #expect(bed.ask(client, #"{"type":"get_compare"}"#)["active"] == "a")
            let next: Int = try #require(try await bed.ask(client, #"{"type":"read_link"}"#)["revision"])
            #expect(next > revision)
            let status = try await bed.ask(client, #"{"type":"get_transport"}"#)
            #expect(status["positionMs"] == 1500 && status["playing"] == false)
            let told = Set(client.messages.map(\.type))
            let expected = [
                "link_updated", "thread_assignments", "transport_status", "compare_status", "audio_file_list",
            ]
            #expect(told.isSuperset(of: expected))
        }
    }
}
