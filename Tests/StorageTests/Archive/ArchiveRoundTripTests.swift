import Foundation
import Testing

@testable import Storage

/// What the writer writes, the reader takes.
@Suite struct ArchiveRoundTripTests {
    private static let letters = Array("ABCxyz019_.#-")

    /// The same numbers for the same seed (SplitMix64).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        /// An id of up to so many characters, now and then one that begins with a dot.
        mutating func id(upTo count: Int) -> String {
            let length = Int.random(in: 1...count, using: &self)
            let text = (0..<length).map { _ in ArchiveRoundTripTests.letters.randomElement(using: &self) ?? "a" }
            return [".", ".."].contains(String(text)) ? "a" : String(text)
        }

        /// The id of a module in sub-graphs, up to 255 bytes.
        mutating func instance() -> String {
            let depth = Int.random(in: 1...4, using: &self)
            return (0..<depth).map { _ in "\(String(repeating: "g", count: Int.random(in: 1...60, using: &self)))#1" }
                .joined(separator: ".")
        }

        mutating func contents() -> Data {
            let count = Bool.random(using: &self) ? 0 : Int.random(in: 1...70_000, using: &self)
            return Data(repeating: UInt8.random(in: 0...255, using: &self), count: count)
        }

        /// Of names that meet on this system, only the first.
        mutating func files() -> [String: Data] {
            var files: [String: Data] = [:]
            var taken: Set<String> = []
            for _ in 0..<Int.random(in: 1...12, using: &self) {
                let module = instance()
                let id = id(upTo: 64)
                for name in [id, id.lowercased()] {
                    for path in ["presets/\(module)/\(name).json", "profiles/\(name).json", "audio/\(name)"]
                    where taken.insert(FileName.comparable(path)).inserted {
                        files[path] = contents()
                    }
                }
            }
            return files
        }
    }

    @Test(arguments: UInt64(0)..<40)
    func everythingThatIsPackedIsTakenAgain(seed: UInt64) throws {
        let directory = try TemporaryDirectory()
        var generator = Generator(state: seed)
        let files = generator.files()
        let source = directory.url.appending(path: "source")
        for (name, data) in files {
            let file = source.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        let paths = try ArchivePath.files(in: source, under: ["audio", "presets", "profiles"])
        #expect(Set(paths.map(\.description)) == Set(files.keys))
        var writer = ArchiveWriter()
        for path in paths { writer.add(file: path.url(in: source), as: path) }
        let archive = directory.url.appending(path: "a.zip")
        try writer.write(to: archive)

        let target = directory.url.appending(path: "target")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        #expect(try ArchiveReader.extract(archive, into: target) == paths)
        for (name, data) in files {
            #expect(try Data(contentsOf: target.appending(path: name)) == data, "\(name)")
        }
    }

    @Test(arguments: [["a.json", "A.JSON"], ["a", "a/b"], ["a", "a"], ["presets/x/a.json", "Presets/X/a.json"]])
    func namesThatTheReaderRefusesAreNotWritten(_ names: [String]) throws {
        let directory = try TemporaryDirectory()
        let archive = directory.url.appending(path: "a.zip")
        try ZipBytes(names.map { ZipBytes.Entry($0, "x") }).bytes.write(to: archive)
        let target = directory.url.appending(path: "target")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        var isTaken = true
        do throws(StorageError) {
            _ = try ArchiveReader.extract(archive, into: target)
        } catch {
            isTaken = false
        }
        var writer = ArchiveWriter()
        for name in names { writer.add(contents: Data(), as: try ArchivePath(name)) }
        var isWritten = true
        do throws(StorageError) {
            try writer.write(to: directory.url.appending(path: "b.zip"))
        } catch {
            #expect(error.code == .badName)
            isWritten = false
        }
        #expect(isWritten == isTaken)
    }

    @Test func aLimitThatIsExceededIsNamed() throws {
        let directory = try TemporaryDirectory()
        let archive = directory.url.appending(path: "a.zip")
        var limits = ArchiveLimits()
        limits.bytes = 9
        var writer = ArchiveWriter()
        writer.add(contents: Data(count: 10), as: try ArchivePath("a"))
        let bytes = #expect(throws: StorageError.self) { try writer.write(to: archive, limits: limits) }
        #expect(bytes?.code == .tooLarge)
        #expect(bytes?.reason.contains("9 bytes") == true)
        limits.entries = 1
        writer.add(contents: Data(), as: try ArchivePath("b"))
        let entries = #expect(throws: StorageError.self) { try writer.write(to: archive, limits: limits) }
        #expect(entries?.code == .tooLarge)
        #expect(entries?.reason.contains("2 files") == true)
    }
}
