/// The table of contents of a zip archive, checked before anything is inflated.
///
/// Stricter than the format: no comment behind the table, nothing between its parts, no zip64, no second disk, no
/// encryption, no method but store and deflate, no two entries over the same bytes, local headers that say the same. So
/// there is one way to read it.
///
/// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
struct ArchiveDirectory {
    struct Entry {
        let path: ArchivePath
        /// Its name ends with `/`; it has no contents.
        let isFolder: Bool
        let compressedSize: Int
        /// Where its local header begins.
        let offset: Int
        let name: [UInt8]
    }

    private static let endSize = 22
    private static let entrySize = 46
    private static let localSize = 30

    let entries: [Entry]
    let archiveSize: Int

    init(of archive: borrowing FileDescriptor, limits: ArchiveLimits) throws(StorageError) {
        archiveSize = try archive.plainFileSize()
        let fault = ArchiveFault(archive: archive.path)
        guard archiveSize >= Self.endSize else { throw fault.refuse("is no zip archive") }
        let end = LittleEndian(try archive.read(at: archiveSize - Self.endSize, count: Self.endSize))
        guard end.u32(0) == 0x0605_4B50, end.u16(20) == 0 else {
            throw fault.refuse("does not end like a zip archive without comment")
        }
        let count = end.u16(10)
        let (size, start) = (end.u32(12), end.u32(16))
        guard end.u16(4) == 0, end.u16(6) == 0, end.u16(8) == count, count < 0xFFFF,
            start + size == archiveSize - Self.endSize
        else { throw fault.refuse("has no plain table of contents (zip64 and several disks are not read)") }
        guard count <= limits.entries else {
            throw fault.tooLarge("has \(count) entries where at most \(limits.entries) are taken")
        }
        // Names of eight parts and the fields that tools add fit well; more is no archive of ours.
        guard size <= count * 2048 else { throw fault.refuse("has an oversized table of contents") }
        entries = try Self.entries(LittleEndian(try archive.read(at: start, count: size)), count: count, fault)
        try Self.checkPlaces(of: entries, before: start, in: archive, fault)
        let files = entries.filter { !$0.isFolder }.map(\.path)
        let folders = entries.filter(\.isFolder).map(\.path)
        if let clash = ArchiveNames.fault(files: files, folders: folders) { throw fault.refuse("has \(clash)") }
    }

    private static func entries(
        _ table: LittleEndian, count: Int, _ fault: ArchiveFault
    ) throws(StorageError) -> [Entry] {
        var entries: [Entry] = []
        var at = 0
        for _ in 0..<count {
            guard at + entrySize <= table.count, table.u32(at) == 0x0201_4B50 else {
                throw fault.refuse("has a broken table of contents")
            }
            let next = at + entrySize + table.u16(at + 28) + table.u16(at + 30) + table.u16(at + 32)
            guard next <= table.count else { throw fault.refuse("has a broken table of contents") }
            entries.append(try entry(table, at: at, fault))
            at = next
        }
        guard at == table.count else { throw fault.refuse("has a broken table of contents") }
        return entries
    }

    private static func entry(_ table: LittleEndian, at: Int, _ fault: ArchiveFault) throws(StorageError) -> Entry {
        let start = at + entrySize
        var name = table.bytes(start..<start + table.u16(at + 28))
        let rawName = name
        let isFolder = name.last == UInt8(ascii: "/")
        if isFolder { name.removeLast() }
        guard let text = String(validating: name, as: UTF8.self) else {
            throw fault.refuse("has an entry whose name is not UTF-8")
        }
        let path = try ArchivePath(text)
        // Bits 0, 6 and 13: encryption of three kinds.
        guard table.u16(at + 8) & 0x2041 == 0 else { throw fault.refuse("has the encrypted entry '\(path)'") }
        guard [0, 8].contains(table.u16(at + 10)) else {
            throw fault.refuse("packs '\(path)' with a method other than store and deflate")
        }
        // The upper half holds Unix mode bits whatever system is named: only plain files and folders are taken. Of the
        // lower half, 0x400 marks a link of Windows.
        let attributes = table.u32(at + 38)
        let kind = attributes >> 28
        guard kind == 0 || kind == (isFolder ? 0o4 : 0o10), attributes & 0x400 == 0 else {
            throw fault.refuse("has the entry '\(path)', which is a link or a special file")
        }
        let size = table.u32(at + 20)
        guard size < 0xFFFF_FFFF, table.u32(at + 24) < 0xFFFF_FFFF, table.u16(at + 34) == 0 else {
            throw fault.refuse("has the zip64 entry '\(path)'")
        }
        guard !isFolder || table.u32(at + 24) == 0 else { throw fault.refuse("has the folder '\(path)' with contents") }
        return Entry(path: path, isFolder: isFolder, compressedSize: size, offset: table.u32(at + 42), name: rawName)
    }

    /// Every entry's bytes are its own, and its local header has the same name.
    private static func checkPlaces(
        of entries: [Entry], before tableStart: Int, in archive: borrowing FileDescriptor, _ fault: ArchiveFault
    ) throws(StorageError) {
        var free = 0
        for entry in entries.sorted(by: { $0.offset < $1.offset }) {
            let header = LittleEndian(try archive.read(at: entry.offset, count: localSize))
            guard entry.offset >= free, header.count == localSize, header.u32(0) == 0x0403_4B50 else {
                throw fault.refuse("has the entry '\(entry.path)' over another one or nowhere")
            }
            let nameSize = header.u16(26)
            free = entry.offset + localSize + nameSize + header.u16(28) + entry.compressedSize
            guard free <= tableStart else {
                throw fault.refuse("has the entry '\(entry.path)' beyond its end")
            }
            guard try archive.read(at: entry.offset + localSize, count: nameSize) == entry.name else {
                throw fault.refuse("has two names for the entry '\(entry.path)'")
            }
        }
    }
}
