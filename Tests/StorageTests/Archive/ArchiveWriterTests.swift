import Foundation
import Storage
import Testing

@Suite struct ArchiveWriterTests {
    private let directory: TemporaryDirectory
    private var archive: URL { directory.url.appending(path: "out.zip") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func folder(_ name: String) throws -> URL {
        let url = directory.url.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    @Test func whatIsPackedComesBack() throws {
        let source = try folder("source")
        let noise = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) })
        try noise.write(to: source.appending(path: "noise.wav"))
        try Data(count: 2_000_000).write(to: source.appending(path: "silence.wav"))
        var writer = ArchiveWriter()
        for name in ["noise.wav", "silence.wav"] {
            writer.add(file: source.appending(path: name), as: try ArchivePath("audio/\(name)"))
        }
        let json = Data("{}".utf8)
        writer.add(contents: Data([1, 2]) + json, as: try ArchivePath("presets/gain#1/warm.json"))
        writer.add(contents: Data(), as: try ArchivePath("empty"))
        // A slice, whose indices do not begin at 0.
        writer.add(contents: (Data([1, 2]) + json).dropFirst(2), as: try ArchivePath("slice.json"))
        try writer.write(to: archive)

        let target = try folder("target")
        let paths = try ArchiveReader.extract(archive, into: target).map(\.description)
        #expect(paths == ["audio/noise.wav", "audio/silence.wav", "empty", "presets/gain#1/warm.json", "slice.json"])
        #expect(try Data(contentsOf: target.appending(path: "audio/noise.wav")) == noise)
        #expect(try Data(contentsOf: target.appending(path: "audio/silence.wav")) == Data(count: 2_000_000))
        #expect(try Data(contentsOf: target.appending(path: "slice.json")) == json)
        #expect(try Data(contentsOf: target.appending(path: "empty")).isEmpty)
        #expect(try directory.names() == ["out.zip", "source", "target"])
    }

    @Test func aFailureNamesTheFileAndLeavesNothing() throws {
        try Data("old".utf8).write(to: archive)
        let secret = directory.url.appending(path: "secret")
        try Data("secret".utf8).write(to: secret)
        let link = directory.url.appending(path: "link")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: secret)
        for file in [link, directory.url, directory.url.appending(path: "absent")] {
            var writer = ArchiveWriter()
            writer.add(contents: Data("x".utf8), as: try ArchivePath("first"))
            writer.add(file: file, as: try ArchivePath("a"))
            let error = #expect(throws: StorageError.self) { try writer.write(to: archive) }
            #expect(error?.path == file.path, "\(error as Any)")
        }
        #expect(try Data(contentsOf: archive) == Data("old".utf8))
        #expect(try directory.names() == ["link", "out.zip", "secret"])
    }

    @Test func onePathTwiceIsAnError() throws {
        var writer = ArchiveWriter()
        writer.add(contents: Data("x".utf8), as: try ArchivePath("a"))
        writer.add(contents: Data("y".utf8), as: try ArchivePath("a"))
        let error = #expect(throws: StorageError.self) { try writer.write(to: archive) }
        #expect(error?.code == .badName)
        #expect(try directory.names().isEmpty)
    }

    @Test func whatTheReaderWouldNotTakeIsNotWritten() throws {
        var limits = ArchiveLimits()
        limits.bytes = 9
        limits.entries = 2
        var writer = ArchiveWriter()
        #expect(throws: StorageError.self) { try writer.write(to: archive, limits: limits) }
        writer.add(contents: Data(count: 5), as: try ArchivePath("a"))
        writer.add(contents: Data(count: 4), as: try ArchivePath("b"))
        try writer.write(to: archive, limits: limits)
        limits.bytes = 8
        let bytes = #expect(throws: StorageError.self) { try writer.write(to: archive, limits: limits) }
        #expect(bytes?.code == .tooLarge)
        limits.bytes = 9
        writer.add(contents: Data(), as: try ArchivePath("c"))
        let entries = #expect(throws: StorageError.self) { try writer.write(to: archive, limits: limits) }
        #expect(entries?.code == .tooLarge)
    }

    @Test func aFolderIsListedWithoutLinksAndTemporaries() throws {
        let data = try folder("data")
        for name in [
            "presets/gain#1/a.json", "presets/b c.json", "audio/x.wav", "token", ".lock", "audio/.y.soundpost-tmp",
        ] {
            let file = data.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("x".utf8).write(to: file)
        }
        try FileManager.default.createSymbolicLink(
            at: data.appending(path: "audio/link"), withDestinationURL: data.appending(path: "token"))
        try FileManager.default.createSymbolicLink(
            at: data.appending(path: "presets/up"), withDestinationURL: directory.url)
        let paths = try ArchivePath.files(in: data, under: ["presets", "audio", "profiles", ".lock"])
        #expect(paths.map(\.description) == ["audio/x.wav", "presets/gain#1/a.json"])
    }
}
