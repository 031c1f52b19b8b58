import ControlProtocol

/// Sends the node's log to all clients, and what was kept of it to those that connect late.
///
/// `log_stream` has no request in the protocol, so every client gets every line of level info and above. The kept lines
/// follow the status on connect. All of them may be dropped for a slow client.
final class LogFeature {
    private let clients: ClientDirectory
    /// Encoded, so that a late client costs no more than the sending.
    private(set) var kept: LogRing<String>

    init(clients: ClientDirectory, capacity: Int) {
        self.clients = clients
        kept = LogRing(capacity: capacity)
    }

    func publish(_ line: LogLine) {
        guard let text = clients.text(of: line) else { return }
        kept.append(text)
        clients.broadcast(text: text, priority: .meter)
    }

    /// Goes on behind the lines of a node whose state was replaced.
    func restore(_ lines: LogRing<String>) {
        kept = lines
    }

    func replay(to client: ClientID) {
        for text in kept.elements {
            clients.send(text: text, to: client, priority: .meter)
        }
    }
}
