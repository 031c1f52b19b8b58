import Foundation
import Testing

@testable import Storage

@Suite struct SafeDirectoryTests {
    private func name(_ id: String) throws -> FileName { try FileName(id: id) }

    @Test func filesAreWrittenReadListedAndRemoved() throws {
        let directory = try TemporaryDirectory()
        let child = try SafeDirectory(directory.url).makeChild(name("presets"))
        #expect(try child.read(name("a"), limit: 10) == nil)
        try child.write(Data("one".utf8), to: name("a"))
        try child.write(Data("two".utf8), to: name("a"))
        #expect(try child.read(name("a"), limit: 10) == Data("two".utf8))
        #expect(try child.names() == ["a"])
        #expect(try child.remove(name("a")))
        #expect(try !child.remove(name("a")))
        #expect(try child.names().isEmpty)
        let none = try SafeDirectory(directory.url).child(name("absent")) == nil
        #expect(none)
    }

    @Test func linksAreNeverFollowed() throws {
        let directory = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        let secret = outside.url.appending(path: "secret")
        try Data("secret".utf8).write(to: secret)
        let manager = FileManager.default
        try manager.createSymbolicLink(at: directory.url.appending(path: "folder"), withDestinationURL: outside.url)
        try manager.createSymbolicLink(at: directory.url.appending(path: "file"), withDestinationURL: secret)
        let root = try SafeDirectory(directory.url)
        #expect(throws: StorageError.self) { _ = try root.child(name("folder")) }
        #expect(throws: StorageError.self) { _ = try root.makeChild(name("folder")) }
        #expect(throws: StorageError.self) { _ = try root.read(name("file"), limit: 100) }
        // Writing replaces the link, not what it leads to.
        try root.write(Data("mine".utf8), to: name("file"))
        #expect(try Data(contentsOf: secret) == Data("secret".utf8))
        #expect(try root.read(name("file"), limit: 100) == Data("mine".utf8))
    }

    @Test func anOpenDirectoryIsUsedEvenWhenAnotherTakesItsPlace() throws {
        let directory = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        let child = try SafeDirectory(directory.url).makeChild(name("presets"))
        let path = directory.url.appending(path: "presets")
        try FileManager.default.moveItem(at: path, to: directory.url.appending(path: "moved"))
        try FileManager.default.createSymbolicLink(at: path, withDestinationURL: outside.url)
        try child.write(Data("x".utf8), to: name("a"))
        #expect(try outside.names().isEmpty)
    }

    @Test func pipesAreNoFiles() throws {
        let directory = try TemporaryDirectory()
        #expect(mkfifo(directory.url.appending(path: "pipe").path, 0o600) == 0)
        let root = try SafeDirectory(directory.url)
        #expect(throws: StorageError.self) { _ = try root.read(name("pipe"), limit: 100) }
    }

    @Test(arguments: ["gain#1", "group#1.gain#1", "a.b.c"]) func dottedIdsAreNames(_ text: String) {
        #expect(FileName(dotted: text)?.rawValue == text)
    }

    @Test(arguments: ["", ".", "..", "a..b", ".a", "a.", "a/b", "a\\b", "a\0b", String(repeating: "a", count: 65), "é"])
    func otherTextsAreNone(_ text: String) {
        #expect(FileName(dotted: text) == nil)
    }
}
