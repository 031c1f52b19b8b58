import ControlProtocol
import Logging

/// The connected clients, and the ways of telling them something.
final class ClientDirectory {
    /// A text that waits until the change it tells of is committed.
    struct Deferred {
        let text: String
        let sender: ClientID?
        let priority: MessagePriority
    }

    private struct Entry {
        let connection: any ClientConnection
        let author: Author
    }

    private let encoder = MessageEncoder()
    private let logger: Logger
    private var clients: [ClientID: Entry] = [:]
    /// Nil while events go out at once.
    private var deferred: [Deferred]?

    init(logger: Logger) {
        self.logger = logger
    }

    var count: Int { clients.count }

    func contains(_ id: ClientID) -> Bool {
        clients[id] != nil
    }

    /// Who a client is; nil when it is not connected.
    func author(_ id: ClientID) -> Author? {
        clients[id]?.author
    }

    func add(_ client: any ClientConnection) -> Author {
        let author = Author(client)
        clients[client.id] = Entry(connection: client, author: author)
        return author
    }

    func remove(_ id: ClientID) {
        clients[id] = nil
    }

    func send(_ event: some ControlEvent, to id: ClientID, priority: MessagePriority = .acknowledgement) {
        guard contains(id), let text = text(of: event) else { return }
        send(text: text, to: id, priority: priority)
    }

    /// Says to one client that its message was refused.
    func refuse(_ error: ControlError, requestID: RequestID?, to id: ClientID) {
        guard contains(id), let text = text(of: ErrorMessage(error), requestID: requestID) else { return }
        send(text: text, to: id, priority: .acknowledgement)
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
        if deferred != nil, priority == .acknowledgement {
            deferred?.append(Deferred(text: text, sender: sender, priority: priority))
            return
        }
        for (id, client) in clients where id != sender {
            client.connection.send(text, priority: priority)
        }
    }

    /// Sends text that is already encoded to one client.
    func send(text: String, to id: ClientID, priority: MessagePriority) {
        clients[id]?.connection.send(text, priority: priority)
    }

    /// Runs work and keeps what it broadcasts, to be given to ``deliver(_:)`` later or to be dropped.
    func collecting<Result>(_ body: () throws -> Result) rethrows -> (result: Result, events: [Deferred]) {
        precondition(deferred == nil, "Events are collected already.")
        deferred = []
        defer { deferred = nil }
        let result = try body()
        return (result, deferred ?? [])
    }

    /// Runs work that may fail: what it broadcasts goes out when it has succeeded, and is dropped when it throws.
    func broadcastingOnSuccess<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard deferred == nil else { return try body() }
        let (result, events) = try collecting(body)
        deliver(events)
        return result
    }

    func deliver(_ events: [Deferred]) {
        for event in events {
            broadcast(text: event.text, except: event.sender, priority: event.priority)
        }
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
