import Foundation
import Synchronization
import Testing

@testable import Storage

@Suite struct DirectoryImportTests {
    private struct Crash: Error {}

    private let old = [
        "current_link.json": "old link", "presets/gain#1/a.json": "old a", "presets/eq#1/b.json": "old b",
        "audio/x.wav": "old x", "token": "secret",
    ]
    private let new = [
        "current_link.json": "new link", "presets/gain#1/a.json": "new a", "profiles/p.json": "new p",
        "audio/deep/er/y.wav": "new y", "token": "secret",
    ]

    private func write(_ files: [String: String], to directory: URL) throws {
        for (name, text) in files {
            let file = directory.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    private func read(_ directory: URL) throws -> [String: String] {
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
            let file = directory.appending(path: name)
            if try DirectoryListing.kind(of: file) == .file {
                files[name] = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            }
        }
        return files
    }

    private func stage(_ directory: URL, step: @escaping DirectoryImport.Step) throws -> DirectoryImport {
        let work = try DirectoryImport(in: directory, step: step)
        try write(new.filter { $0.key != "token" }, to: work.staging)
        return work
    }

    private func commit(_ work: DirectoryImport, in directory: URL) throws(StorageError) {
        let names = ["current_link.json", "presets", "profiles", "audio"]
        try work.commit(removing: try ArchivePath.files(in: directory, under: names))
    }

    /// A step that ends everything after the first `count`.
    private func crash(after count: Int) -> (step: DirectoryImport.Step, hasCrashed: () -> Bool) {
        let left = Countdown(count)
        return (
            { name throws(StorageError) in
                guard left.next() else { throw StorageError(.failed, operation: name, path: "", reason: "crash") }
            }, { left.isOver }
        )
    }

    @Test func stagedFilesReplaceTheLiveOnesAndTheRestGoes() throws {
        let directory = try TemporaryDirectory()
        try write(old, to: directory.url)
        try commit(stage(directory.url) { _ throws(StorageError) in }, in: directory.url)
        #expect(try read(directory.url) == new)
        #expect(try directory.names() == ["audio", "current_link.json", "presets", "profiles", "token"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path + "/presets") == ["gain#1"])
        #expect(try DirectoryImport.recover(in: directory.url) == .nothing)
    }

    @Test func aCrashAtAnyStepEndsInOldOrNewNeverInAMix() throws {
        var outcomes: [DirectoryImport.Recovery] = []
        for count in 0... {
            let directory = try TemporaryDirectory()
            try write(old, to: directory.url)
            let crash = crash(after: count)
            do {
                try commit(stage(directory.url, step: crash.step), in: directory.url)
            } catch {
                #expect(crash.hasCrashed())
            }
            let recovery = try DirectoryImport.recover(in: directory.url)
            let state = try read(directory.url)
            // Once decided, new: when only the clearing up was left, that is all that was discarded.
            let isNew = recovery != .discarded || outcomes.contains(.finished)
            #expect(state == (isNew ? new : old), "after \(count) steps")
            #expect(try !directory.names().contains(".import"))
            outcomes.append(recovery)
            if !crash.hasCrashed() { break }
        }
        #expect(outcomes.last == .nothing)
        #expect(Set(outcomes) == [.discarded, .finished, .nothing])
        let decided = try #require(outcomes.firstIndex(of: .finished))
        #expect(outcomes[..<decided].allSatisfy { $0 == .discarded })
    }

    @Test func aCrashDuringTheRecoveryIsRecoveredToo() throws {
        for first in 0... {
            var isThrough = false
            for second in 0... {
                let directory = try TemporaryDirectory()
                try write(old, to: directory.url)
                let commitCrash = crash(after: first)
                do {
                    try commit(stage(directory.url, step: commitCrash.step), in: directory.url)
                    isThrough = true
                } catch {}
                let decided = FileManager.default.fileExists(atPath: directory.url.path + "/.import/commit")
                let hasCleared = try read(directory.url).filter { !$0.key.hasPrefix(".import") } == new
                let recoveryCrash = crash(after: second)
                do {
                    _ = try DirectoryImport.recover(in: directory.url, step: recoveryCrash.step)
                } catch {}
                try DirectoryImport.recover(in: directory.url)
                #expect(try read(directory.url) == (decided || hasCleared ? new : old), "\(first), \(second)")
                if !recoveryCrash.hasCrashed() { break }
            }
            if isThrough { break }
        }
    }

    @Test func aFailureAfterTheDecisionIsCalledInterrupted() throws {
        let directory = try TemporaryDirectory()
        try write(old, to: directory.url)
        let work = try stage(directory.url) { name throws(StorageError) in
            if name.hasPrefix("move presets") { throw StorageError(.noSpace, operation: name, path: "", reason: "x") }
        }
        let error = #expect(throws: StorageError.self) { try commit(work, in: directory.url) }
        #expect(error?.code == .interrupted)
        #expect(try DirectoryImport.recover(in: directory.url) == .finished)
        #expect(try read(directory.url) == new)
    }

    @Test func whatIsInTheWayIsNoticedBeforeTheDecision() throws {
        let directory = try TemporaryDirectory()
        try write(["current_link.json/inside": "x"], to: directory.url)
        let work = try stage(directory.url) { _ throws(StorageError) in }
        let error = #expect(throws: StorageError.self) { try commit(work, in: directory.url) }
        #expect(error?.code == .failed)
        try work.discard()
        #expect(try read(directory.url) == ["current_link.json/inside": "x"])

        let outside = try TemporaryDirectory()
        try FileManager.default.createSymbolicLink(
            at: directory.url.appending(path: "presets"), withDestinationURL: outside.url)
        try FileManager.default.removeItem(at: directory.url.appending(path: "current_link.json"))
        let second = try stage(directory.url) { _ throws(StorageError) in }
        #expect(throws: StorageError.self) { try second.commit() }
        #expect(try outside.names().isEmpty)
    }

    @Test func aNewImportDiscardsWhatAnEarlierOneStaged() throws {
        let directory = try TemporaryDirectory()
        let first = try DirectoryImport(in: directory.url)
        try write(["a.json": "1"], to: first.staging)
        let second = try DirectoryImport(in: directory.url)
        try write(["b.json": "2"], to: second.staging)
        try second.commit()
        #expect(try read(directory.url) == ["b.json": "2"])
        #expect(throws: Never.self) { try second.discard() }
    }
}

/// Counts calls down.
private final class Countdown: Sendable {
    private let left: Mutex<Int>

    init(_ count: Int) {
        left = Mutex(count)
    }

    /// Whether a call was left.
    func next() -> Bool {
        left.withLock { left in
            left -= 1
            return left >= 0
        }
    }

    /// Whether there was a call too many.
    var isOver: Bool { left.withLock { $0 < 0 } }
}
