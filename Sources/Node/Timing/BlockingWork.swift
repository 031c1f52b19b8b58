import Dispatch

/// Work that waits for the disk or for the sound system, on a thread of its own, one piece after the other. Swift's few
/// threads answer the clients meanwhile.
struct BlockingWork: Sendable {
    /// Archives and audio files that come or go.
    static let files = BlockingWork(label: "soundpost.files")
    /// Questions to the sound system.
    static let devices = BlockingWork(label: "soundpost.devices")
    /// Comparing how loud settings are, by rendering.
    static let loudness = BlockingWork(label: "soundpost.loudness")
    /// Bringing the journal to disk.
    static let journal = BlockingWork(label: "soundpost.journal")

    /// Places where the readers of taps come, which are made and removed under a lock that other programs take too.
    static let taps = BlockingWork(label: "soundpost.taps")

    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Returns at once.
    func start(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    /// Suspends the caller until the work is done.
    func run<Value: Sendable, Failure: Error>(
        _ body: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { () throws(Failure) in try body() })
            }
        }
        return try result.get()
    }
}
