/// Makes errors about one archive.
struct ArchiveFault {
    let archive: String

    func refuse(_ reason: String) -> StorageError {
        StorageError(.badArchive, operation: "read", path: archive, reason: reason)
    }

    func tooLarge(_ reason: String) -> StorageError {
        StorageError(.tooLarge, operation: "read", path: archive, reason: reason)
    }
}

extension StorageError.Code {
    /// An archive that is broken, or that holds what is not taken.
    public static let badArchive = StorageError.Code(rawValue: "bad_archive")
}
