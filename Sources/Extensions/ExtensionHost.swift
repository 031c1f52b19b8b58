#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
public import Logging
public import SoundpostChannels
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
            /// The extensions are being stopped, or were never started.
            case stopped
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
    private let board = NoticeBoard()
    /// For one reader. What nobody reads gives way, the oldest first.
    public var notices: AsyncStream<Notice> { board.notices }

    /// - Parameters:
    ///   - environment: of the extensions, besides what their manifests say.
    ///   - logger: makes the logger of one extension.
    public init(
        _ manifests: [ExtensionManifest], environment: [String: String],
        logger: (_ id: String) -> Logger
    ) {
        runners = manifests.map { [board] manifest in
            ExtensionRunner(manifest, environment: environment, logger: logger(manifest.id)) { notice in
                switch notice {
                case .changed: board.post(.changed)
                case .event(let name, let data): board.post(.event(extension: manifest.id, name: name, data: data))
                }
            }
        }
    }

    deinit {
        for runner in runners { runner.beginStop() }
    }

    /// Starts all. A second call does nothing.
    public func start() {
        // Who started the node may have told it to leave its children's ends to the kernel, which then says nothing.
        signal(SIGCHLD, SIG_DFL)
        for runner in runners { runner.start() }
    }

    /// Ends all, and returns when none of their processes is left. They cannot be started again.
    public func stop() async {
        for runner in runners { runner.beginStop() }
        for runner in runners { await runner.stopped() }
        board.close()
    }

    public var statuses: [ExtensionStatus] {
        runners.map { runner in
            var status = runner.status
            status.droppedEvents += board.unread(of: runner.id)
            return status
        }
    }

    /// What has gone through the channels of those that have one, by the extension's id.
    public var metrics: [(id: String, metrics: ChannelMetrics)] {
        runners.compactMap { runner in runner.channel.map { (runner.id, $0.metrics) } }
    }

    /// Starts one anew.
    public func restart(_ id: String) throws(CallFault) {
        guard try runner(id).restart() else {
            throw CallFault(
                kind: .stopped, message: "The extension \(id) cannot be restarted: the node is starting or stopping.")
        }
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
            let known = status.handlers.prefix(32).joined(separator: ", ") + (status.handlers.count > 32 ? ", …" : "")
            throw CallFault(
                kind: .unknownMethod,
                message: "The extension \(id) has no method \"\(method.prefix(64))\"; it has \(known).")
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
            case .shuttingDown:
                throw CallFault(kind: .stopped, message: "The extension \(id) is being stopped.")
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
