import ControlProtocol
import Logging
import Storage

/// The connected clients, and the ways of telling them something.
final class ClientDirectory {
    /// What waits until the change it tells of is committed.
    enum Deferred {
        case event(String, except: ClientID?, MessagePriority)
        case update(ParameterUpdate, except: ClientID?)
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
    private lazy var rounds = UpdateRounds(timers: timers) { [unowned self] update, sender in
        tell(update, except: sender)
    }
    private let timers: Timers

    init(timers: Timers, logger: Logger) {
        self.timers = timers
        self.logger = logger
    }

    var count: Int { clients.count }

    /// The way to a client; nil when it is not connected.
    func connection(_ id: ClientID) -> (any ClientConnection)? {
        clients[id]?.connection
    }

    var connections: [any ClientConnection] { clients.values.map(\.connection) }

    func contains(_ id: ClientID) -> Bool {
        clients[id] != nil
    }

    /// Who a client is; nil when it is not connected.
    func author(_ id: ClientID) -> Author? {
        clients[id]?.author
    }

    /// Whether a client of that name is connected.
    func contains(name: String) -> Bool {
        clients.values.contains { $0.author.name == name }
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

    /// Sends text that is already encoded to every client but one. Nothing but a meter overtakes values that changed
    /// before.
    func broadcast(text: String, except sender: ClientID? = nil, priority: MessagePriority) {
        if deferred != nil, priority == .acknowledgement {
            deferred?.append(.event(text, except: sender, priority))
            return
        }
        if priority == .acknowledgement { rounds.drain() }
        for (id, client) in clients where id != sender {
            client.connection.send(text, priority: priority)
        }
    }

    /// Tells every client but one of a value: at once, or with the next of the ``UpdateRounds``.
    func broadcast(update: ParameterUpdate, except sender: ClientID?) {
        if deferred != nil {
            deferred?.append(.update(update, except: sender))
        } else {
            deliver([.update(update, except: sender)])
        }
    }

    /// Tells every client but one what values are now.
    func broadcast(_ changes: [ValueChange], in parameters: ParameterStore, except sender: ClientID?) {
        for key in changes.map(\.key) {
            let text = parameters.effective(key) ?? ""
            broadcast(update: ParameterUpdate(instanceId: key.instance, paramId: key.key, value: text), except: sender)
        }
    }

    /// - Returns: how many clients were told.
    private func tell(_ update: ParameterUpdate, except sender: ClientID?) -> Int {
        guard clients.keys.contains(where: { $0 != sender }), let text = text(of: update) else { return 0 }
        var count = 0
        for (id, client) in clients where id != sender {
            client.connection.send(text, priority: .acknowledgement)
            count += 1
        }
        return count
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
            switch event {
            case .event(let text, let sender, let priority):
                broadcast(text: text, except: sender, priority: priority)
            case .update(let update, let sender):
                rounds.add(update, from: sender)
            }
        }
        rounds.run()
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
