import ControlProtocol
import Extensions
import WireFormats

/// The extensions as clients see them.
final class ExtensionsFeature: Feature {
    private static let timeouts = 1...600_000
    private static let usualTimeout = 60_000
    /// A longer answer would crowd out everything else on the client's connection.
    private static let largestAnswer = 1 << 20

    private let host: ExtensionHost
    private let clients: ClientDirectory
    private var announced: ExtensionList?

    init(host: ExtensionHost, clients: ClientDirectory) {
        self.host = host
        self.clients = clients
    }

    func register(on router: inout MessageRouter) {
        router.on(list)
        router.onAside(call)
        router.on(restart, as: .command)
    }

    /// Tells the clients what happened by itself.
    func take(_ notice: ExtensionHost.Notice) {
        switch notice {
        case .changed:
            let list = current
            guard list != announced else { return }
            announced = list
            clients.broadcast(list)
        case .event(let id, let name, let data):
            clients.broadcast(ExtensionEvent(extension: id, event: name, data: AnyJSON(data)), priority: .meter)
        }
    }

    var figures: [ChannelFigures] {
        host.metrics.map { ChannelFigures($0.metrics, channel: "ext_\($0.id)") }
    }

    /// By the extension's id.
    var droppedEvents: [(id: String, count: Int)] {
        host.statuses.map { ($0.manifest.id, $0.droppedEvents) }
    }

    private var current: ExtensionList {
        ExtensionList(extensions: host.statuses.map(ExtensionList.Item.init))
    }

    private func list(_ request: ListExtensions, from author: Author) -> ExtensionList {
        current
    }

    private func restart(_ request: RestartExtension, from author: Author) throws -> Acknowledgement {
        do throws(ExtensionHost.CallFault) {
            try host.restart(request.extension)
        } catch {
            throw error.kind == .stopped
                ? error.asControlError : ControlError(.badField, error.message, field: "extension")
        }
        return Acknowledgement(of: RestartExtension.type)
    }

    private func call(
        _ request: CallExtension, from author: Author
    ) throws -> @Sendable () async throws -> ExtensionResult {
        let timeout = request.timeoutMs?.value ?? Self.usualTimeout
        guard Self.timeouts.contains(timeout) else {
            throw ControlError(
                .outOfRange, "A time-out is \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound) milliseconds.",
                field: "timeoutMs")
        }
        return { [host] in
            let (id, method) = (request.extension, request.method)
            do {
                let answer = try await host.call(
                    id, method, request.data?.value ?? .null, timeout: .milliseconds(timeout))
                var writer = JSONWriter()
                try writer.write(answer)
                guard writer.bytes.count <= Self.largestAnswer else {
                    throw ControlError(
                        .tooLarge,
                        "The answer has \(writer.bytes.count) bytes; at most \(Self.largestAnswer) are handed on.")
                }
                return ExtensionResult(extension: id, method: method, data: AnyJSON(answer))
            } catch let fault as ExtensionHost.CallFault {
                return ExtensionResult(extension: id, method: method, refusal: fault.asControlError)
            } catch let fault as JSONFault {
                let error = ControlError(.badField, "The extension's answer cannot be handed on: \(fault)")
                return ExtensionResult(extension: id, method: method, refusal: error)
            } catch let error as ControlError {
                return ExtensionResult(extension: id, method: method, refusal: error)
            }
        }
    }
}

extension ExtensionHost.CallFault {
    fileprivate var asControlError: ControlError {
        switch kind {
        case .absent, .stopped, .broken: ControlError(.notRunning, message)
        case .unknownMethod: ControlError(.unsupported, message)
        case .timeout: ControlError(.busy, message)
        case .refused: ControlError(.badField, message)
        }
    }
}

extension ExtensionList.Item {
    fileprivate init(_ status: ExtensionStatus) {
        let manifest = status.manifest
        self.init(
            id: manifest.id,
            name: manifest.name,
            version: manifest.version,
            description: manifest.description,
            state: State(status.state),
            handlers: status.handlers,
            restarts: status.restarts,
            message: status.message,
            droppedEvents: status.droppedEvents > 0 ? status.droppedEvents : nil,
            panel: manifest.panel
        )
    }
}

extension ExtensionList.Item.State {
    fileprivate init(_ state: ExtensionStatus.State) {
        self =
            switch state {
            case .starting: .starting
            case .ready: .ready
            case .restarting: .restarting
            case .failed: .failed
            case .stopped: .stopped
            }
    }
}
