import Foundation
import Storage
import Testing

@testable import Node

@Suite struct NamedFilesTests {
    private struct Note: Codable, Hashable {
        var text: String
    }

    private func run(_ body: (NamedFiles<Note>, URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "soundpost-notes-\(UUID())")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: root) } }
        let files = NamedFiles<Note>(root: root, folders: [FileName("a"), FileName("b")])
        try body(files, root.appending(path: "a").appending(path: "b"))
    }

    @Test func whatIsWrittenIsReadListedAndDeleted() throws {
        try run { files, _ in
            #expect(try files.read("x") == nil)
            #expect(try files.readAll().found.isEmpty)
            for id in ["x", ".x", "x#1", "X-1"] { try files.write(Note(text: id), as: id) }
            try files.write(Note(text: "again"), as: "x")
            #expect(try files.read("x") == Note(text: "again"))
            #expect(try files.readAll().found.map { $0.id } == [".x", "X-1", "x", "x#1"])
            #expect(try files.delete("x"))
            #expect(try !files.delete("x"))
            #expect(try files.readAll().found.map { $0.contents.text } == [".x", "X-1", "x#1"])
        }
    }

    @Test func whatCouldNotBeReadAgainIsNotWritten() throws {
        try run { files, folder in
            let large = Note(text: String(repeating: "x", count: 1 << 20))
            let error = #expect(throws: StorageError.self) { try files.write(large, as: "x") }
            #expect(error?.code == .tooLarge)
            #expect(!FileManager.default.fileExists(atPath: folder.path))
            try files.write(Note(text: String(repeating: "x", count: 1 << 19)), as: "x")
            #expect(try files.read("x")?.text.count == 1 << 19)
        }
    }

    @Test func damagedFilesAreNamedAndTemporaryOnesAreNone() throws {
        try run { files, folder in
            try files.write(Note(text: "x"), as: "x")
            for name in ["half.json", ".x.json.0F.soundpost-tmp"] {
                try Data("{".utf8).write(to: folder.appending(path: name))
            }
            let all = try files.readAll()
            #expect(all.found.map { $0.id } == ["x"])
            #expect(all.faults.count == 1)
            #expect(all.faults.first?.contains("half.json") == true)
            let error = #expect(throws: StorageError.self) { try files.read("half") }
            #expect(error?.code == .damaged)
        }
    }
}
