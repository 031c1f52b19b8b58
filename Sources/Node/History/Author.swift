/// Who asks for a change.
struct Author: Sendable, Hashable {
    /// The connection.
    let client: ClientID
    /// What history goes by: the name that the client gave itself, else that of its connection.
    let name: String
    /// Where the connection comes from.
    let peer: String

    /// Someone who is no client, such as a program that uses the HTTP interface.
    init(peer: String) {
        client = ClientID("http")
        name = "http"
        self.peer = peer
    }

    init(_ connection: any ClientConnection) {
        client = connection.id
        name = connection.name ?? connection.id.rawValue
        peer = connection.peer
    }
}
