import ControlProtocol
import Logging

/// The connected clients, and the ways of telling them something.
final class ClientDirectory {
    private let encoder = MessageEncoder()
    private let logger: Logger
    private var clients: [ClientID: any ClientConnection] = [:]

    init(logger: Logger) {
        self.logger = logger
    }

    var count: Int { clients.count }

    func contains(_ id: ClientID) -> Bool {
        clients[id] != nil
    }

    func add(_ client: any ClientConnection) {
        clients[client.id] = client
    }

    func remove(_ id: ClientID) {
        clients[id] = nil
    }

    func send(_ event: some ControlEvent, to id: ClientID, priority: MessagePriority = .acknowledgement) {
        guard let client = clients[id], let text = text(of: event) else { return }
        client.send(text, priority: priority)
    }

    /// Says to one client that its message was refused.
    func refuse(_ error: ControlError, requestID: RequestID?, to id: ClientID) {
        guard let client = clients[id], let text = text(of: ErrorMessage(error), requestID: requestID) else { return }
        client.send(text, priority: .acknowledgement)
    }

    /// Sends an event to every client but one. It is encoded once, and not at all when nobody listens.
    func broadcast(
        _ event: some ControlEvent,
        except sender: ClientID? = nil,
        priority: MessagePriority = .acknowledgement
    ) {
        guard clients.keys.contains(where: { $0 != sender }), let text = text(of: event) else { return }
        broadcast(text: text, except: sender, priority: priority)
    }

    /// Sends text that is already encoded to every client but one.
    func broadcast(text: String, except sender: ClientID? = nil, priority: MessagePriority) {
        for (id, client) in clients where id != sender {
            client.send(text, priority: priority)
        }
    }

    /// Sends text that is already encoded to one client.
    func send(text: String, to id: ClientID, priority: MessagePriority) {
        clients[id]?.send(text, priority: priority)
    }

    /// An event's text; nil, with a line in the log, if it cannot be written as JSON.
    func text<Event: ControlEvent>(of event: Event, requestID: RequestID? = nil) -> String? {
        do {
            return try encoder.text(event, requestID: requestID)
        } catch {
            logger.error("An event could not be encoded.", metadata: ["type": "\(Event.type)", "error": "\(error)"])
            return nil
        }
    }
}
