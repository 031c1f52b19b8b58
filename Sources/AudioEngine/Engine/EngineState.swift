import ChainModel

/// What the engine's lock protects.
struct EngineState {
    struct Subscription {
        /// `nil` = every module, also those that come later.
        let modules: Set<InstanceID>?
        let what: UInt32
    }

    /// The chain that runs, or was the last to run, with its present values.
    var setup: ChainSetup?
    var session: EngineSession?
    var output = OutputLevel()
    /// Values set while a plan is being built: it gets them before it runs.
    var changesDuringBuild: [ParameterAssignment]?
    var subscriptions: [SubscriptionID: Subscription] = [:]
    var lastSubscription: UInt64 = 0
    var failure: EngineError?
    var usage = ProcessUsage()
    /// Modules whose faults were logged.
    var reportedFaults: Set<UInt32> = []

    /// What all subscribers together want of the modules of a chain.
    func wantedMeasures(of chain: FlattenedChain) -> [InstanceID: UInt32] {
        var wanted: [InstanceID: UInt32] = [:]
        for subscription in subscriptions.values {
            for module in chain.modules where subscription.modules?.contains(module.id) ?? true {
                wanted[module.id, default: 0] |= subscription.what
            }
        }
        return wanted
    }

    func handles(of subscription: Subscription, in handles: InstanceHandles) -> Set<UInt32>? {
        subscription.modules.map { Set($0.map(handles.handle(of:))) }
    }
}
