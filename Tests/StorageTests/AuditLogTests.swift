import Foundation
import Testing

@testable import Storage

@Suite struct AuditLogTests {
    @Test func linesAreKeptOverSeveralFilesOfWhichTheOldestGo() throws {
        let directory = try TemporaryDirectory()
        let log = AuditLog(directory: directory.url, maximumBytes: 100)
        for number in 100..<200 {
            log.append("line \(number)".utf8)
            try log.flush()
        }
        #expect(try directory.names() == ["audit.log"] + (1...4).map { "audit.log.\($0)" })
        let lines = try (["audit.log"] + (1...4).map { "audit.log.\($0)" }).reversed().flatMap { name in
            let text = try String(contentsOf: directory.url.appending(path: name), encoding: .utf8)
            #expect(text.utf8.count <= 100)
            return text.split(separator: "\n").map(String.init)
        }
        #expect(lines == (200 - lines.count..<200).map { "line \($0)" })
        #expect(lines.count > 40)
    }

    @Test func anExistingFileIsContinuedAndOnlyItsOwnerReadsIt() throws {
        let directory = try TemporaryDirectory()
        for line in ["first", "second"] {
            let log = AuditLog(directory: directory.url, maximumBytes: 1000)
            log.append(line.utf8)
            try log.flush()
        }
        let file = directory.url.appending(path: "audit.log")
        #expect(try String(contentsOf: file, encoding: .utf8) == "first\nsecond\n")
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
