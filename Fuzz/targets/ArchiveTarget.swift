import Foundation
import Storage

private let scratch = Scratch()

/// Archives from outside, and the values and history in them. What is unpacked are plain files within the limits; what
/// is refused leaves nothing behind. Every input is tried as an archive and as a journal.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Data(UnsafeBufferPointer(start: data, count: size))
    checkJournal(bytes)
    do {
        try checkArchive(bytes)
    } catch {
        fatalError("the fuzzer's own files failed: \(error)")
    }
    return 0
}

private func checkArchive(_ bytes: Data) throws {
    // As much as libFuzzer's inputs can hold many times over, and little enough to be quick.
    var limits = ArchiveLimits()
    limits.bytes = 1 << 20
    limits.entries = 64
    try scratch.put(bytes)
    do throws(StorageError) {
        let paths = try ArchiveReader.extract(scratch.archive, into: scratch.staging, limits: limits)
        checkUnpacked(paths, limits)
    } catch {
        require([.badArchive, .badName, .tooLarge].contains(error.code), "unexpected: \(error)")
        let left = scratch.staged()
        require(left.isEmpty, "a refused archive left \(left)")
    }
}

private func checkUnpacked(_ paths: [ArchivePath], _ limits: ArchiveLimits) {
    require(paths.count <= limits.entries, "\(paths.count) entries were taken")
    let files = scratch.staged().filter { $0.value != .typeDirectory }
    require(files.values.allSatisfy { $0 == .typeRegular }, "not only plain files were made: \(files)")
    require(Set(files.keys) == Set(paths.map(\.description)), "\(paths) were said to be unpacked, and \(files) were")
    var bytes = 0
    for path in paths {
        guard let contents = FileManager.default.contents(atPath: path.url(in: scratch.staging).path) else {
            fatalError("\(path) was unpacked and cannot be read")
        }
        bytes += contents.count
        if path.description == ArchivedJournal.name { checkJournal(contents) }
    }
    require(bytes <= limits.bytes, "\(bytes) bytes were unpacked")
}

/// What is read is stored and read again without loss.
private func checkJournal(_ json: Data) {
    let journal: ArchivedJournal
    do {
        journal = try ArchivedJournal(json: json)
    } catch {
        return
    }
    do {
        let contents = journal.contents
        let stored = try ArchivedJournal(contents).json()
        let again = try ArchivedJournal(json: stored)
        require(again.contents == contents, "a journal changed when it was stored and read")
        let storedAgain = try again.json()
        require(storedAgain == stored, "a journal is stored in two ways")
    } catch {
        fatalError("a journal that was read is refused when it is stored and read: \(error)")
    }
}

/// An archive file and a directory to unpack it into, in the temporary directory.
private struct Scratch: Sendable {
    let archive: URL
    let staging: URL

    init() {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "soundpost-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
        archive = folder.appending(path: "archive.zip")
        staging = folder.appending(path: "staging", directoryHint: .isDirectory)
    }

    /// Begins anew: an archive, and an empty directory.
    func put(_ bytes: Data) throws {
        if FileManager.default.fileExists(atPath: staging.path) {
            try FileManager.default.removeItem(at: staging)
        }
        try FileManager.default.createDirectory(at: staging, withIntermediateDirectories: true)
        try bytes.write(to: archive)
    }

    /// Everything in the directory, links not followed, by its path.
    func staged() -> [String: FileAttributeType] {
        do {
            let names = try FileManager.default.subpathsOfDirectory(atPath: staging.path)
            let kinds = try names.map { name in
                let attributes = try FileManager.default.attributesOfItem(atPath: staging.appending(path: name).path)
                return attributes[.type] as? FileAttributeType ?? .typeUnknown
            }
            return Dictionary(uniqueKeysWithValues: zip(names, kinds))
        } catch {
            fatalError("the staging directory cannot be read: \(error)")
        }
    }
}
