import Synchronization

extension Engine {
    /// Where the source is; `nil` while the engine does not run.
    public var transport: Transport? {
        shared.state.withLock { state in
            guard let session = state.session, state.failure == nil else { return nil }
            return session.transport
        }
    }

    /// Plays on, pauses, goes to a place, or changes what happens at the end. The sound fades in and out over 20 ms.
    ///
    /// What is `nil` stays. To play a source that has ended begins it again.
    ///
    /// - Parameter position: seconds from the start, kept within the source.
    /// - Throws: ``EngineError`` `notRunning`; `badArgument` for a source that cannot do that. Nothing has changed
    ///   then.
    public func setTransport(isPlaying: Bool? = nil, position: Double? = nil, loops: Bool? = nil) throws {
        try shared.state.withLock { state in
            guard let session = state.session, state.failure == nil else {
                throw EngineError(.notRunning, "nothing plays")
            }
            guard let feeder = session.feeder else {
                throw EngineError(
                    .badArgument,
                    "the source \(session.source) plays as it comes; only a file or the generator can be paused")
            }
            try feeder.change(isPlaying: isPlaying, position: position, loops: loops)
        }
    }
}

extension EngineSession {
    var transport: Transport {
        feeder?.transport
            ?? Transport(
                canPause: false, isSeekable: false, isPlaying: true, loops: false, position: 0, duration: 0,
                hasEnded: false)
    }
}
