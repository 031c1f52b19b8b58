public import AudioEngine

extension Node {
    /// Lets somebody hear the chain's output behind the level, through stops and starts of the simulation.
    ///
    /// - Parameter take: called every 20 ms or so on an ordinary thread while something plays; returns at once.
    /// - Returns: what ends it, also by being dropped.
    public nonisolated func listen(_ take: @escaping @Sendable (AudioChunk) -> Void) -> AudioListener {
        engine.listen(take)
    }
}
