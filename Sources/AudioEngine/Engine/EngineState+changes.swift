import CDynamicChain
import ChainModel

extension EngineState {
    /// Gives a batch to the session and remembers it.
    ///
    /// - Returns: `true` when the chain must be rebuilt for it; then nothing was taken.
    mutating func set(_ batch: [ParameterAssignment]) throws -> Bool {
        guard setup != nil else { return false }
        guard let session, failure == nil else {
            remember(batch)
            changesDuringBuild?.append(contentsOf: batch)
            return false
        }
        let plan = session.newest
        var live: [ParameterAssignment] = []
        var needsRebuild = false
        for assignment in batch {
            guard let module = plan.modules[assignment.id.instance] else {
                throw EngineError(.unknownModule, "the running chain has no module \(assignment.id.instance)")
            }
            let address = try module.address(assignment.id.key, assignment.value)
            if !address.isStructural {
                live.append(assignment)
            } else if !module.holds(address) {
                needsRebuild = true
            }
        }
        if needsRebuild { return true }
        try session.send(live)
        remember(batch)
        changesDuringBuild?.append(contentsOf: live)
        return false
    }

    private mutating func remember(_ batch: [ParameterAssignment]) {
        for assignment in batch { setup?.parameters[assignment.id] = assignment.value }
    }

    /// Hands a built plan to the session, together with what was set while it was built.
    mutating func offer(
        _ plan: EnginePlan,
        _ newSetup: ChainSetup,
        to session: EngineSession,
        maxLoadPercent: Double
    ) -> SwapOutcome {
        let mustDip = expectedLoad(of: plan, beside: session) > maxLoadPercent
        takeOver(newSetup, plan)
        session.measure(wantedMeasures(of: newSetup.chain))
        session.offer(plan, mode: mustDip ? DYNHOST_SWAP_DIP : DYNHOST_SWAP_CROSSFADE)
        return mustDip ? .dip : .crossfade
    }

    /// Makes a session the present one, before its first frame.
    ///
    /// - Returns: the setup before.
    mutating func begin(
        _ newSession: EngineSession,
        _ plan: EnginePlan,
        _ newSetup: ChainSetup,
        handles: InstanceHandles
    ) -> ChainSetup? {
        let previous = setup
        takeOver(newSetup, plan)
        // It was measured with another chain. A crossfade leaves it: nobody's ears are met by another level meanwhile.
        if previous?.chain != newSetup.chain { bypassMatchDb = 0 }
        let wanted = wantedMeasures(of: newSetup.chain)
        for (instance, what) in wanted { plan.measure(instance, what) }
        newSession.measure(wanted)
        for (id, subscription) in subscriptions {
            newSession.metrics.add(id, handles: self.handles(of: subscription, in: handles))
        }
        let gain = output.gain(onCard: newSession.isOnCard, trimDb: trimDb)
        newSession.host.setOutputNow(gain: newSession.isOnCard ? 0 : gain, muteMask: output.muteMask)
        session = newSession
        applyOutput()
        updateTaps()
        failure = nil
        reportedFaults = []
        return previous
    }

    /// Makes a setup the present one, with what was set while its plan was built.
    private mutating func takeOver(_ newSetup: ChainSetup, _ plan: EnginePlan) {
        setup = newSetup
        for change in changesDuringBuild ?? [] where plan.accepts(change) {
            setup?.parameters[change.id] = change.value
        }
        changesDuringBuild = nil
    }

    /// Load of both chains in percent. The new one is taken to cost as much per module as the running one does.
    private func expectedLoad(of plan: EnginePlan, beside session: EngineSession) -> Double {
        let share = Double(plan.modules.count) / Double(max(session.running.modules.count, 1))
        return session.metrics.loadPercent * (1 + share)
    }
}

extension EnginePlan {
    /// Takes a value that was meant for the chain before, if this chain has the parameter too.
    fileprivate func accepts(_ change: ParameterAssignment) -> Bool {
        guard modules[change.id.instance] != nil else { return false }
        do {
            try apply(change)
            return true
        } catch {
            // The instance is of another type now: the value belongs to the chain that goes.
            return false
        }
    }
}
