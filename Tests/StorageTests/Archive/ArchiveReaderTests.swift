import Foundation
import Testing

@testable import Storage

@Suite struct ArchiveReaderTests {
    private let directory: TemporaryDirectory
    private var staging: URL { directory.url.appending(path: "staging") }
    private var archive: URL { directory.url.appending(path: "a.zip") }

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
    }

    private func extract(
        _ zip: Data, limits: ArchiveLimits = ArchiveLimits(), accepts: (ArchivePath) -> Bool = { _ in true }
    ) throws(StorageError) -> [String] {
        do {
            try zip.write(to: archive)
        } catch {
            Issue.record(error)
        }
        return try ArchiveReader.extract(archive, into: staging, limits: limits, accepts: accepts).map(\.description)
    }

    /// The archive is refused, and neither the staging directory nor anything beside it has changed.
    private func expectRefusal(
        _ zip: Data, _ codes: Set<StorageError.Code> = [.badArchive], limits: ArchiveLimits = ArchiveLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: StorageError.self, sourceLocation: sourceLocation) {
            try extract(zip, limits: limits)
        }
        let code = try #require(error?.code, sourceLocation: sourceLocation)
        #expect(codes.contains(code), "\(error as Any)", sourceLocation: sourceLocation)
        #expect(error?.reason.isEmpty == false, sourceLocation: sourceLocation)
        #expect(try directory.names() == ["a.zip", "staging"], sourceLocation: sourceLocation)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: staging.path).isEmpty, sourceLocation: sourceLocation)
    }

    @Test func filesAndFoldersOfAnOrdinaryArchiveAreExtracted() throws {
        var deflated = ZipBytes.Entry("audio/zeros.wav")
        deflated.data = ZipBytes.deflatedZeros(matches: 200)
        deflated.inflated = [UInt8](repeating: 0, count: 1 + 258 * 200)
        deflated.method = 8
        var folder = ZipBytes.Entry("presets/")
        folder.attributes = 0o040755 << 16 | 0x10
        var file = ZipBytes.Entry("presets/gain#1/a.json", "{}")
        file.attributes = 0o100600 << 16
        let paths = try extract(ZipBytes([folder, file, ZipBytes.Entry("current_link.json", "[]"), deflated]).bytes)
        #expect(paths == ["audio/zeros.wav", "current_link.json", "presets/gain#1/a.json"])
        #expect(try Data(contentsOf: staging.appending(path: "presets/gain#1/a.json")) == Data("{}".utf8))
        #expect(try Data(contentsOf: staging.appending(path: "audio/zeros.wav")) == Data(deflated.inflated ?? []))
        let attributes = try FileManager.default.attributesOfItem(
            atPath: staging.appending(path: "presets/gain#1/a.json").path)
        #expect(attributes[.posixPermissions] as? Int == 0o644)
    }

    @Test(
        arguments: [
            "../a", "a/../b", "a/..", "..", ".", "/etc/passwd", "a//b", "a\\b", "..\\a", "C:\\a", "C:a", "", "a/./b",
            "a\u{0}b", "a\u{0}/../../b", ".import/commit", ".lock", "a/b/c/d/e/f/g/h/i", "a.soundpost-tmp", "é", "a b",
            "~/a", "a\n", "presets/\(String(repeating: "x", count: 65))", "x\u{202E}gpj", "presets/.json/..json", "a/",
        ])
    func namesThatLeaveTheFolderAreRefused(_ name: String) throws {
        if name == "a/" {
            var folder = ZipBytes.Entry(name, "contents")
            folder.attributes = 0o040755 << 16
            try expectRefusal(ZipBytes([folder]).bytes)
        } else {
            try expectRefusal(ZipBytes([ZipBytes.Entry("good.json"), ZipBytes.Entry(name, "x")]).bytes, [.badName])
        }
    }

    @Test func aNameThatIsNotUTF8IsRefused() throws {
        var entry = ZipBytes.Entry("x")
        entry.name = [0xC3, 0x28]
        try expectRefusal(ZipBytes([entry]).bytes)
    }

    @Test(arguments: [0o120777, 0o060600, 0o020600, 0o010600, 0o140600, 0o040755])
    func linksAndSpecialFilesAreRefused(_ mode: Int) throws {
        var entry = ZipBytes.Entry("a.json", "/etc/passwd")
        entry.attributes = mode << 16
        try expectRefusal(ZipBytes([entry]).bytes)
        var reparsePoint = ZipBytes.Entry("a.json", "x")
        reparsePoint.attributes = 0x400
        try expectRefusal(ZipBytes([reparsePoint]).bytes)
    }

    @Test(arguments: [["a.json", "a.json"], ["a", "a/b"], ["a/b", "a"]])
    func namesThatMeetAreRefused(_ names: [String]) throws {
        try expectRefusal(ZipBytes(names.map { ZipBytes.Entry($0, "x") }).bytes)
    }

    @Test(arguments: [["a.json", "A.JSON"], ["presets/x", "presets/X"]])
    func namesThatDifferInCaseMeetWhereTheSystemSaysSo(_ names: [String]) throws {
        let zip = ZipBytes(names.map { ZipBytes.Entry($0, "x") }).bytes
        #if os(Linux)
            #expect(try extract(zip) == names.sorted())
        #else
            try expectRefusal(zip)
        #endif
    }

    @Test func aFolderMayHaveTheNameOfAModuleInSubGraphs() throws {
        let instance = String(repeating: "group#1.", count: 30) + "gain#1"
        let name = "presets/\(instance)/a.json"
        #expect(try extract(ZipBytes([ZipBytes.Entry(name, "{}")]).bytes) == [name])
        try FileTree.removeContents(of: staging)
        try expectRefusal(ZipBytes([ZipBytes.Entry("presets/\(instance).gain#1.gain#1/a.json")]).bytes, [.badName])
        try expectRefusal(ZipBytes([ZipBytes.Entry("presets/\(instance)..x/a.json")]).bytes, [.badName])
    }

    @Test func encryptedEntriesAndOtherMethodsAreRefused() throws {
        for flags in [1, 0x40, 0x2000] {
            var entry = ZipBytes.Entry("a.json", "secret")
            entry.flags = flags
            try expectRefusal(ZipBytes([entry]).bytes)
        }
        for method in [1, 9, 12, 14, 93, 99] {
            var entry = ZipBytes.Entry("a.json", "x")
            entry.method = method
            try expectRefusal(ZipBytes([entry]).bytes)
        }
    }

    @Test func aBombIsStoppedWhileItInflatesWhateverItsHeaderSays() throws {
        for stated in [nil, 100, 0xFFFF_FFFE] {
            var bomb = ZipBytes.Entry("bomb.json")
            bomb.data = ZipBytes.deflatedZeros(matches: 12_000)
            bomb.inflated = []
            bomb.method = 8
            bomb.statedSize = stated ?? (1 + 258 * 12_000)
            try expectRefusal(ZipBytes([bomb]).bytes, [.tooLarge, .badArchive])
        }
        var limits = ArchiveLimits()
        limits.bytes = 10_000
        let large = ZipBytes([ZipBytes.Entry("a", String(repeating: "x", count: 6000)), ZipBytes.Entry("b", "y")])
        #expect(try extract(large.bytes, limits: limits).count == 2)
        try FileManager.default.removeItem(at: staging)
        try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
        let both = ["a", "b"].map { ZipBytes.Entry($0, String(repeating: "x", count: 6000)) }
        try expectRefusal(ZipBytes(both).bytes, [.tooLarge], limits: limits)
    }

    @Test func manySmallBombsTogetherAreStopped() throws {
        // Each stays below the allowance of a small file; together they are more than the archive's ratio.
        let entries = (0..<40).map { index in
            var bomb = ZipBytes.Entry("f\(index)")
            bomb.data = ZipBytes.deflatedZeros(matches: 250)
            let contents = [UInt8](repeating: 0, count: 1 + 258 * 250)
            bomb.crc = Self.checksum
            bomb.statedSize = contents.count
            bomb.method = 8
            return bomb
        }
        try expectRefusal(ZipBytes(entries).bytes, [.tooLarge])
    }

    private static let checksum = ZipBytes.crc32([UInt8](repeating: 0, count: 1 + 258 * 250))

    @Test func tooManyEntriesAreRefusedByTheirNumber() throws {
        let entries = (0...100).map { ZipBytes.Entry("f\($0)") }
        var limits = ArchiveLimits()
        limits.entries = 100
        try expectRefusal(ZipBytes(entries).bytes, [.tooLarge], limits: limits)
        limits.entries = 101
        #expect(try extract(ZipBytes(entries).bytes, limits: limits).count == 101)
    }

    @Test func entriesOverTheSameBytesAreRefused() throws {
        var second = ZipBytes.Entry("b", "xxxx")
        second.localName = Array("a".utf8)
        second.offset = 0
        try expectRefusal(ZipBytes([ZipBytes.Entry("a", "xxxx"), second]).bytes)
        // A file that contains the header of the next one.
        let inner = ZipBytes([ZipBytes.Entry("b", "xx")]).bytes.prefix(33)
        var outer = ZipBytes.Entry("a")
        outer.data = Array(inner)
        var quoted = ZipBytes.Entry("b", "xx")
        quoted.offset = 31
        try expectRefusal(ZipBytes([outer, quoted]).bytes)
    }

    @Test func headersThatContradictEachOtherAreRefused() throws {
        var entry = ZipBytes.Entry("a.json", "x")
        entry.localName = Array("b.json".utf8)
        try expectRefusal(ZipBytes([entry]).bytes)
        var zip = ZipBytes([ZipBytes.Entry("a", "x"), ZipBytes.Entry("b", "y")])
        zip.statedCount = 1
        try expectRefusal(zip.bytes)
        zip.statedCount = 0xFFFF
        try expectRefusal(zip.bytes)
        var wrong = ZipBytes.Entry("a", "x")
        wrong.crc = 7
        try expectRefusal(ZipBytes([wrong]).bytes)
        for offset in [1, 1 << 20, 0xFFFF_FFFF] {
            var away = ZipBytes.Entry("a", "x")
            away.offset = offset
            try expectRefusal(ZipBytes([ZipBytes.Entry("b", "y"), away]).bytes)
        }
    }

    @Test func whatFollowsTheTableIsRefused() throws {
        var zip = ZipBytes([ZipBytes.Entry("a", "x")])
        try expectRefusal(zip.bytes + Data([0]))
        // The table of another archive in the comment.
        zip.comment = Array(ZipBytes([ZipBytes.Entry("b", "y")]).bytes)
        try expectRefusal(zip.bytes)
    }

    @Test func anArchiveCutAnywhereIsRefused() throws {
        let whole = ZipBytes([ZipBytes.Entry("a.json", "{\"a\":1}"), ZipBytes.Entry("b/c", "xyz")]).bytes
        for length in 0..<whole.count { try expectRefusal(whole.prefix(length)) }
    }

    @Test func anArchiveWithAnyChangedByteIsRefusedOrExtractsBelowStaging() throws {
        let whole = ZipBytes([ZipBytes.Entry("a.json", "{}"), ZipBytes.Entry("b/c", "xyz")]).bytes
        for at in 0..<whole.count {
            for flip in [UInt8(1), 0x80, 0xFF] {
                var changed = whole
                changed[at] ^= flip
                do throws(StorageError) {
                    _ = try extract(changed)
                    try FileTree.removeContents(of: staging)
                } catch {
                    #expect([.badArchive, .badName, .tooLarge].contains(error.code), "\(error)")
                }
                #expect(try directory.names() == ["a.zip", "staging"])
                #expect(try FileManager.default.contentsOfDirectory(atPath: staging.path).isEmpty)
            }
        }
    }

    @Test func anArchiveWithUnknownFilesIsRefusedBeforeAnythingIsWritten() throws {
        let zip = ZipBytes([ZipBytes.Entry("a.json"), ZipBytes.Entry("token", "x")]).bytes
        let error = #expect(throws: StorageError.self) { try extract(zip, accepts: { $0.description != "token" }) }
        #expect(error?.reason.contains("'token'") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: staging.path).isEmpty)
    }

    @Test func aLinkInPlaceOfTheArchiveIsRefused() throws {
        let real = directory.url.appending(path: "real.zip")
        try ZipBytes([ZipBytes.Entry("a")]).bytes.write(to: real)
        try FileManager.default.createSymbolicLink(at: archive, withDestinationURL: real)
        #expect(throws: StorageError.self) { try ArchiveReader.extract(archive, into: staging) }
        #expect(throws: StorageError.self) { try ArchiveReader.extract(directory.url, into: staging) }
    }

    @Test func aFileOrLinkThatIsInTheWayIsNotWrittenTo() throws {
        let outside = directory.url.appending(path: "outside")
        try Data("kept".utf8).write(to: outside)
        try FileManager.default.createSymbolicLink(
            at: staging.appending(path: "a.json"), withDestinationURL: outside)
        #expect(throws: StorageError.self) { try extract(ZipBytes([ZipBytes.Entry("a.json", "new")]).bytes) }
        #expect(try Data(contentsOf: outside) == Data("kept".utf8))
        try FileManager.default.createSymbolicLink(
            at: staging.appending(path: "b"), withDestinationURL: directory.url)
        #expect(throws: StorageError.self) { try extract(ZipBytes([ZipBytes.Entry("b/new", "new")]).bytes) }
        #expect(try directory.names() == ["a.zip", "outside", "staging"])
    }
}
