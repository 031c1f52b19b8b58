/// What the two ends of a write tell its caller past libzip, whose errors name no file.
final class ArchiveProgress {
    /// Of the contents, before they are too many.
    var bytesLeft: Int
    /// The first failure.
    private(set) var failure: StorageError?

    init(bytesLeft: Int) {
        self.bytesLeft = bytesLeft
    }

    func fail(_ error: StorageError) {
        failure = failure ?? error
    }
}
