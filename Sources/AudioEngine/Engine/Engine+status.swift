import CDynamicChain
public import ChainModel
import Synchronization

extension Engine {
    /// What to measure on a module.
    public struct Measurement: OptionSet, Sendable, Hashable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// Processing time.
        public static let time = Measurement(rawValue: DYNCHAIN_MEASURE_TIME)
        /// RMS and peak of the first output port's channels.
        public static let level = Measurement(rawValue: DYNCHAIN_MEASURE_LEVEL)
    }

    /// Begins to measure modules for one subscriber. A module that nobody subscribed to costs nothing.
    ///
    /// - Parameters:
    ///   - modules: `nil` = all, also those of chains to come.
    ///   - what: time, level or both.
    /// - Returns: what `metrics(for:)` and `unsubscribe` take. It outlives stop and start.
    public func subscribe(
        modules: Set<InstanceID>? = nil,
        measuring what: Measurement = [.time, .level]
    ) -> SubscriptionID {
        shared.state.withLock { state in
            state.lastSubscription += 1
            let id = SubscriptionID(rawValue: state.lastSubscription)
            let subscription = EngineState.Subscription(modules: modules, what: what.rawValue)
            state.subscriptions[id] = subscription
            state.session?.metrics.add(id, handles: state.handles(of: subscription, in: handles))
            state.updateMeasures()
            return id
        }
    }

    /// Ends a subscription; what nobody else measures is no longer measured.
    public func unsubscribe(_ subscription: SubscriptionID) {
        shared.state.withLock { state in
            state.subscriptions[subscription] = nil
            state.session?.metrics.remove(subscription)
            state.updateMeasures()
        }
    }

    /// Figures of the running engine, `nil` when it does not run.
    ///
    /// - Parameter subscription: whose modules are wanted, with time and level since it last asked. Without one,
    ///   modules have their latency only.
    public func metrics(for subscription: SubscriptionID? = nil) -> EngineMetrics? {
        shared.state.withLock { state in
            guard let session = state.session, state.failure == nil else { return nil }
            session.drain(hearing: state.heardPoints)
            let plan = session.running
            let measured = subscription.map { session.metrics.takeModules(of: $0) } ?? [:]
            let wanted = subscription.flatMap { state.subscriptions[$0] }?.modules
            var modules: [InstanceID: EngineMetrics.Module] = [:]
            for (id, placed) in plan.modules where wanted?.contains(id) ?? true {
                let values = measured[placed.handle]
                modules[id] = EngineMetrics.Module(
                    processTimeUs: values?.processTimeUs,
                    outputRmsDb: values?.outputRmsDb ?? [],
                    outputPeakDb: values?.outputPeakDb ?? [],
                    latencySamples: plan.latency(of: placed)
                )
            }
            return EngineMetrics(
                cpuLoad: session.metrics.loadPercent,
                droppedFrames: session.driver.counters.droppedFrames,
                blockTimeUs: session.metrics.blockTime,
                cores: session.metrics.cores(plan.coreCount),
                input: EngineMetrics.Levels(measured[InstanceHandles.chainInput]),
                output: EngineMetrics.Levels(measured[InstanceHandles.chainOutput]),
                modules: modules
            )
        }
    }

    /// Starts the histogram of block times again.
    public func resetMetrics() {
        shared.state.withLock { state in
            state.session?.drain(hearing: state.heardPoints)
            state.session?.metrics.reset()
        }
    }

    /// The engine's state now.
    public func status() -> EngineStatus {
        shared.state.withLock { $0.status() }
    }
}

extension EngineState {
    fileprivate func updateMeasures() {
        guard let session, let setup else { return }
        session.measure(wantedMeasures(of: setup.chain))
    }

    fileprivate mutating func status() -> EngineStatus {
        let format = session?.host.format ?? setup.map { HostFormat(chain: $0.chain) }
        let counters = session?.host.counters
        let driver = session?.driver.counters
        let onCard = session?.isOnCard ?? false
        return EngineStatus(
            cpuPercent: usage.cpu(),
            memoryMB: ProcessUsage.memoryMB(),
            isRunning: session != nil && failure == nil,
            deviceName: session.map { $0.driver.deviceName ?? "\($0.sink)" } ?? "",
            sourceName: session.map { "\($0.source)" } ?? "",
            sampleRate: format?.sampleRate ?? 0,
            frameSize: format?.frameSize ?? 0,
            inputChannels: format?.inputs ?? 0,
            outputChannels: format?.outputs ?? 0,
            loadedModules: setup?.chain.modules.count ?? 0,
            latencySamples: (session?.running.latencySamples ?? 0) + Int(driver?.reblockSamples ?? 0)
                + (session?.driver.inputDelaySamples ?? 0),
            deviceLatencySamples: session?.driver.outputLatencySamples ?? 0,
            clippedSamples: counters?.clippedSamples ?? 0,
            frames: counters?.frames ?? 0,
            droppedFrames: driver?.droppedFrames ?? 0,
            missedInputFrames: driver?.missedInputFrames ?? 0,
            lostOutputFrames: driver?.lostOutputFrames ?? 0,
            nonFiniteInputs: counters?.nonFiniteInputs ?? 0,
            nonFiniteOutputs: counters?.nonFiniteOutputs ?? 0,
            refusedEvents: counters?.refusedEvents ?? 0,
            isSwapping: session?.isSwapping ?? false,
            sourceEnded: session?.feeder?.hasEnded ?? false,
            isRealtime: (driver?.realtime ?? 0) & 1 != 0,
            levelDb: output.effectiveDb(onCard: onCard),
            isOnCard: onCard,
            cpuLoad: session?.metrics.loadPercent ?? 0,
            cores: session?.running.coreCount ?? setup?.coreCount ?? 0,
            failure: failure ?? session?.failure
        )
    }
}
