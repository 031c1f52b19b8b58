/// What the two ends of a write tell its caller past libzip, whose errors name no file.
final class ArchiveProgress {
    /// Bytes of all contents together.
    let limit: Int
    /// Of the limit.
    var bytesLeft: Int
    /// The first failure.
    private(set) var failure: StorageError?

    init(limit: Int) {
        self.limit = limit
        bytesLeft = limit
    }

    func fail(_ error: StorageError) {
        failure = failure ?? error
    }
}
