import NIOCore

/// Runs tasks on an event loop: what a connection's messages need is done where they are read and answered, and no
/// message waits for another thread to wake. Whatever may take long asks for another executor.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
