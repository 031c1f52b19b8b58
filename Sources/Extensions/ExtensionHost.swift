internal import Foundation
public import Logging
internal import SoundpostChannels
internal import Synchronization
public import WireFormats

/// The extensions of a node: programs that it starts, asks and keeps running.
///
/// All methods may be called from any thread.
public final class ExtensionHost: Sendable {
    /// What happens by itself.
    public enum Notice: Sendable {
        /// The status of one has changed.
        case changed
        case event(extension: String, name: String, data: JSONValue)
    }

    /// Why a call has no answer.
    public struct CallFault: Error, Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            /// There is no such extension, or it does not run.
            case absent
            /// It does not have the method.
            case unknownMethod
            case timeout
            /// It says that it cannot answer.
            case refused
            /// It ended while it was asked, or its answer is none.
            case broken
        }

        public let kind: Kind
        public let message: String
    }

    private let runners: [ExtensionRunner]
    /// For one reader. What nobody reads gives way, the oldest first.
    public let notices: AsyncStream<Notice>
    private let continuation: AsyncStream<Notice>.Continuation
    private let isStarted = Atomic(false)

    /// - Parameter logger: makes the logger of one extension.
    public init(
        _ manifests: [ExtensionManifest], environment: [String: String],
        logger: (_ id: String) -> Logger
    ) {
        let (notices, continuation) = AsyncStream.makeStream(of: Notice.self, bufferingPolicy: .bufferingNewest(10_000))
        self.notices = notices
        self.continuation = continuation
        runners = manifests.map { manifest in
            ExtensionRunner(manifest, environment: environment, logger: logger(manifest.id)) { notice in
                switch notice {
                case .changed: continuation.yield(.changed)
                case .event(let name, let data):
                    continuation.yield(.event(extension: manifest.id, name: name, data: data))
                }
            }
        }
    }

    deinit {
        for runner in runners { runner.beginStop() }
    }

    /// Starts all. A second call does nothing.
    public func start() {
        guard !isStarted.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for runner in runners { runner.start() }
    }

    /// Ends all, and returns when none of their processes is left. They cannot be started again.
    public func stop() async {
        guard isStarted.load(ordering: .acquiring) else { return }
        for runner in runners { runner.beginStop() }
        await withTaskGroup(of: Void.self) { group in
            for runner in runners {
                group.addTask {
                    await withCheckedContinuation { stopped in
                        // It waits, which the threads that tasks share must not.
                        Thread.detachNewThread {
                            runner.finishStop()
                            stopped.resume()
                        }
                    }
                }
            }
        }
        continuation.finish()
    }

    public var statuses: [ExtensionStatus] { runners.map(\.status) }

    /// Starts one anew.
    public func restart(_ id: String) throws(CallFault) {
        try runner(id).restart()
    }

    /// Asks one.
    ///
    /// - Throws: `CallFault`, `CancellationError`.
    public func call(_ id: String, _ method: String, _ data: JSONValue, timeout: Duration) async throws -> JSONValue {
        let runner = try runner(id)
        let status = runner.status
        guard status.state == .ready, let channel = runner.channel else {
            let reason = status.message.map { ": \($0)" } ?? ""
            throw CallFault(kind: .absent, message: "The extension \(id) is \(status.state.rawValue)\(reason).")
        }
        guard status.handlers.contains(method) else {
            throw CallFault(
                kind: .unknownMethod,
                message:
                    "The extension \(id) has no method \"\(method.prefix(64))\"; it has \(status.handlers.joined(separator: ", "))."
            )
        }
        do {
            return try await channel.ask(method, data, timeout: timeout)
        } catch let failure as Message.Failure {
            throw CallFault(
                kind: failure.code == Message.Failure.unknownMethod ? .unknownMethod : .refused,
                message: failure.message)
        } catch let error as ChannelError {
            switch error.code {
            case .timeout:
                throw CallFault(kind: .timeout, message: "The extension \(id) gave no answer within \(timeout).")
            case .serialization, .sendFailed:
                throw CallFault(kind: .refused, message: "The extension \(id) was not asked: \(error.message).")
            default:
                throw CallFault(kind: .broken, message: "The extension \(id) ended while it was asked.")
            }
        }
    }

    private func runner(_ id: String) throws(CallFault) -> ExtensionRunner {
        guard let runner = runners.first(where: { $0.id == id }) else {
            let known = runners.isEmpty ? "there is none" : "there are " + runners.map(\.id).joined(separator: ", ")
            throw CallFault(kind: .absent, message: "There is no extension \"\(id.prefix(64))\"; \(known).")
        }
        return runner
    }
}
