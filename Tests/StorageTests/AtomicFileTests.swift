import Foundation
import Storage
import Testing

@Suite struct AtomicFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func file(_ name: String) -> URL { directory.url.appending(path: name) }

    @Test func aFileIsReplacedWholeAndNothingIsLeftBeside() throws {
        let file = file("a.json")
        #expect(try AtomicFile.read(file, limit: 10) == nil)
        try AtomicFile.write(Data("one".utf8), to: file)
        try AtomicFile.write(Data("three".utf8), to: file)
        #expect(try AtomicFile.read(file, limit: 10) == Data("three".utf8))
        try AtomicFile.write(Data(), to: file)
        #expect(try AtomicFile.read(file, limit: 10) == Data())
        #expect(try directory.names() == ["a.json"])
    }

    @Test func aLargeFileIsWrittenCompletely() throws {
        let data = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try AtomicFile.write(data, to: file("large"))
        #expect(try AtomicFile.read(file("large"), limit: data.count) == data)
        let error = #expect(throws: StorageError.self) { try AtomicFile.read(file("large"), limit: data.count - 1) }
        #expect(error?.code == .tooLarge)
    }

    @Test func aWriteThatFailsLeavesTheOldFileAndNamesThePath() throws {
        // A directory in the file's place: the rename fails after the contents were written.
        let target = file("taken")
        try FileManager.default.createDirectory(at: target.appending(path: "inside"), withIntermediateDirectories: true)
        let error = #expect(throws: StorageError.self) { try AtomicFile.write(Data("x".utf8), to: target) }
        #expect(error?.operation == "rename")
        #expect(error?.path == target.path)
        #expect(error?.reason.isEmpty == false)
        #expect(try directory.names() == ["taken"])
    }

    @Test func aDirectoryThatIsAFileIsAnError() throws {
        try AtomicFile.write(Data("x".utf8), to: file("plain"))
        let error = #expect(throws: StorageError.self) {
            try AtomicFile.write(Data("y".utf8), to: file("plain").appending(path: "b"))
        }
        #expect(error?.operation == "open")
        #expect(try AtomicFile.read(file("plain"), limit: 10) == Data("x".utf8))
    }

    @Test func aMissingDirectoryIsAnError() {
        let error = #expect(throws: StorageError.self) {
            try AtomicFile.write(Data("y".utf8), to: file("nowhere").appending(path: "b"))
        }
        #expect(error?.code == .notFound)
    }

    @Test func symbolicLinksAreNotFollowed() throws {
        try AtomicFile.write(Data("secret".utf8), to: file("target"))
        try FileManager.default.createSymbolicLink(at: file("link"), withDestinationURL: file("target"))
        #expect(throws: StorageError.self) { try AtomicFile.read(file("link"), limit: 10) }
        // Writing replaces the link itself.
        try AtomicFile.write(Data("new".utf8), to: file("link"))
        #expect(try AtomicFile.read(file("target"), limit: 10) == Data("secret".utf8))
        #expect(try AtomicFile.read(file("link"), limit: 10) == Data("new".utf8))
    }

    @Test func removingTwiceIsNoError() throws {
        try AtomicFile.write(Data("x".utf8), to: file("a"))
        try AtomicFile.remove(file("a"))
        try AtomicFile.remove(file("a"))
        #expect(try directory.names().isEmpty)
    }

    @Test func whatInterruptedWritesLeftIsSweptAndNothingElse() throws {
        let inner = file("presets/gain#1")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        try AtomicFile.write(Data("kept".utf8), to: inner.appending(path: "a.json"))
        let orphans = [file(".link.json.1234.soundpost-tmp"), inner.appending(path: ".a.json.99.soundpost-tmp")]
        for orphan in orphans { try Data("half".utf8).write(to: orphan) }
        try Data("mine".utf8).write(to: file("notes.tmp"))
        let removed = try AtomicFile.sweepTemporaries(below: directory.url)
        #expect(Set(removed.map(\.lastPathComponent)) == Set(orphans.map(\.lastPathComponent)))
        #expect(try directory.names() == ["notes.tmp", "presets"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: inner.path) == ["a.json"])
        #expect(try AtomicFile.sweepTemporaries(below: directory.url).isEmpty)
    }
}

@Suite struct FileNameTests {
    @Test(arguments: ["a", "gain#1", "Preset_2.v1-b", "...", String(repeating: "x", count: 64)])
    func idsOfTheRuleAreTaken(id: String) throws {
        #expect(try FileName(id: id).rawValue == id)
    }

    @Test(arguments: [
        "", ".", "..", "a/b", "../x", "a b", "a\\b", "ä", "a\0b", "a\n", "@", "[", "`", "{",
        String(repeating: "x", count: 65),
    ])
    func everythingElseIsRefused(id: String) {
        let error = #expect(throws: StorageError.self) { try FileName(id: id) }
        #expect(error?.code == .badName)
    }
}

@Suite struct DirectoryLockTests {
    @Test func onlyOneHoldsADirectory() throws {
        let directory = try TemporaryDirectory()
        let data = directory.url.appending(path: "data")
        var lock: DirectoryLock? = try DirectoryLock(directory: data)
        #expect(lock?.directory == data)
        let error = #expect(throws: StorageError.self) { try DirectoryLock(directory: data) }
        #expect(error?.code == .inUse)
        #expect(error?.description.contains(data.path) == true)
        lock = nil
        #expect(throws: Never.self) { try DirectoryLock(directory: data) }
    }

    @Test func aFileInThePlaceOfTheDirectoryIsAnError() throws {
        let directory = try TemporaryDirectory()
        let data = directory.url.appending(path: "data")
        try Data("x".utf8).write(to: data)
        #expect(throws: StorageError.self) { try DirectoryLock(directory: data) }
    }
}

@Suite struct LinkStoreTests {
    @Test func theChainIsStoredAndReadBack() throws {
        let directory = try TemporaryDirectory()
        let store = LinkStore(directory: directory.url)
        #expect(try store.load() == nil)
        try store.save(Data("{}".utf8))
        #expect(try store.load() == Data("{}".utf8))
        #expect(try directory.names() == ["current_link.json"])
    }

    @Test func aChainThatIsTooLargeLeavesTheOldOne() throws {
        let directory = try TemporaryDirectory()
        let store = LinkStore(directory: directory.url)
        try store.save(Data("{}".utf8))
        let error = #expect(throws: StorageError.self) { try store.save(Data(count: LinkStore.maximumBytes + 1)) }
        #expect(error?.code == .tooLarge)
        #expect(try store.load() == Data("{}".utf8))
    }
}
