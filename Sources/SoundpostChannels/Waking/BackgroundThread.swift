internal import Foundation

/// A thread of its own, for work that waits in the kernel and so must not sit on one of the threads that tasks share.
enum BackgroundThread {
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }
}
