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
    var output = OutputSettings()
    /// What is added behind the chain, so that what is compared is equally loud.
    var trimDb = 0.0
    /// What is added to the input while it is heard in place of the output.
    var bypassMatchDb = 0.0
    /// Values set while a plan is being built: it gets them before it runs.
    var changesDuringBuild: [ParameterAssignment]?
    var subscriptions: [SubscriptionID: Subscription] = [:]
    var lastSubscription: UInt64 = 0
    var listeners: [UInt64: (point: WirePoint, take: Engine.Listener)] = [:]
    var watched: [SubscriptionID: Set<WirePoint>] = [:]
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
        subscription.modules.map {
            Set($0.map(handles.handle(of:))).union([InstanceHandles.chainInput, InstanceHandles.chainOutput])
        }
    }
}
