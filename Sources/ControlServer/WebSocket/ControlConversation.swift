/// A client of the node: each text is a message, and the node answers through the client's queue.
struct ControlConversation: Conversation {
    let client: WebSocketClient
    let backend: any ControlBackend

    var takesMessages: Bool { true }

    func begin() async {
        await backend.connect(client)
    }

    func take(_ message: [UInt8]) async {
        await backend.accept(message, from: client.id)
    }

    func end() async {
        await backend.disconnect(client.id)
    }
}
