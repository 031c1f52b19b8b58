public import ControlProtocol

extension SoundpostClient {
    /// What was changed, by whom and when, the newest first, and whether this client has something to undo or redo.
    ///
    /// - Parameters:
    ///   - limit: most entries, 1…1000.
    ///   - before: gives entries older than the one with this id.
    public func history(limit: Int = 100, before: Int64? = nil) async throws -> History {
        try await ask(GetHistory(limit: WholeNumber(limit), before: before.map { WholeNumber(Int($0)) }))
    }

    /// Takes back this client's newest change that is still in force. Clients with the same name count as one.
    @discardableResult
    public func undo() async throws -> UndoAck {
        try await ask(Undo())
    }

    /// Makes the change again that ``undo()`` took back last.
    @discardableResult
    public func redo() async throws -> RedoAck {
        try await ask(Redo())
    }
}
