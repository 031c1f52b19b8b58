import ChainModel
import Synchronization

extension Engine {
    typealias Listener = @Sendable (AudioChunk) -> Void

    /// Frames of the longest spectrum.
    public static let largestSpectrum = 32_768

    /// Lets somebody hear a wire, as long as the engine plays, through stops, starts and changes of the chain.
    ///
    /// - Parameters:
    ///   - point: without one, the chain's output behind the level. A module that the chain does not have is heard when
    ///     it comes.
    ///   - take: called every 20 ms or so on a thread of the engine's that is not the audio thread; returns at once.
    ///     Positions count from 0 again when the engine was started again, and a module's when it was rebuilt.
    public func listen(
        to point: WirePoint = WirePoint(instance: nil, side: .output), _ take: @escaping @Sendable (AudioChunk) -> Void
    ) -> AudioListener {
        let id = shared.state.withLock { state in
            state.lastSubscription += 1
            state.listeners[state.lastSubscription] = (point, take)
            state.updateTaps()
            return state.lastSubscription
        }
        return AudioListener { [weak shared] in
            // Outside the lock: what the listener holds goes with it, and may ask the engine something.
            let ended = shared?.state.withLock { state in
                defer { state.updateTaps() }
                return state.listeners.removeValue(forKey: id)
            }
            withExtendedLifetime(ended) {}
        }
    }

    /// Begins to look at wires for one subscriber. It outlives stop, start and changes of the chain; a module that the
    /// chain does not have is looked at when it comes.
    public func watch(_ points: Set<WirePoint>) -> SubscriptionID {
        shared.state.withLock { state in
            state.lastSubscription += 1
            let id = SubscriptionID(rawValue: state.lastSubscription)
            state.watched[id] = points
            state.updateTaps()
            return id
        }
    }

    /// Ends a subscription of `watch`.
    public func unwatch(_ subscription: SubscriptionID) {
        shared.state.withLock { state in
            state.watched[subscription] = nil
            state.updateTaps()
        }
    }

    /// The last stretch of a wire that is watched, or of the chain's ends.
    public struct Stretch: Sendable {
        /// Interleaved, the oldest frame first.
        public var samples: [Float]
        public var channels: Int
        /// Hz.
        public var sampleRate: Int
    }

    /// The newest samples of a wire, silence standing for what has not come yet.
    ///
    /// - Parameter frames: at most ``largestSpectrum``.
    /// - Returns: `nil` while the engine does not run, or when nobody watches the wire or the chain does not have it.
    public func stretch(of point: WirePoint, frames: Int) -> Stretch? {
        shared.state.withLock { state in
            guard let session = state.session, state.failure == nil else { return nil }
            session.drain(hearing: state.heardPoints)
            guard let history = session.history(of: point) else { return nil }
            return Stretch(
                samples: history.latest(frames),
                channels: history.channels,
                sampleRate: session.host.format.sampleRate
            )
        }
    }
}

extension EngineState {
    func updateTaps() {
        session?.tap(watchedPoints)
    }

    var watchedPoints: Set<WirePoint> {
        watched.values.reduce(into: heardPoints) { $0.formUnion($1) }
    }

    var heardPoints: Set<WirePoint> {
        listeners.isEmpty ? [] : Set(listeners.values.map(\.point))
    }
}
