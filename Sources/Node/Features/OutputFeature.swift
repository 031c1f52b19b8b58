import AudioEngine
import ControlProtocol

/// What happens behind the chain: level, mutes, panic, bypass, audition. Kept while the node lives, not on disk: a node
/// that starts on a sound card starts softly, whatever was set before.
final class OutputFeature: Feature {
    private let engine: Engine
    private let clients: ClientDirectory
    /// What the clients were told last.
    private var announced: OutputStatus?
    /// Who began the audition: it ends with that client's connection, as nobody else would end it.
    private var auditioning: ClientID?

    init(engine: Engine, clients: ClientDirectory) {
        self.engine = engine
        self.clients = clients
        announced = status
    }

    func register(on router: inout MessageRouter) {
        router.on { [unowned self] (_: GetOutput, _) in status }
        router.on(preparing: bypassMatch, setOutput, as: .command)
    }

    var status: OutputStatus {
        let settings = engine.output
        let onCard = engine.isOnCard
        return OutputStatus(
            levelDb: settings.effectiveDb(onCard: onCard),
            muteMask: Int(settings.muteMask),
            muted: settings.isMuted,
            dimmed: settings.isDimmed,
            dimDb: settings.dimDb,
            panic: settings.isPanicMuted,
            bypassed: settings.isBypassed,
            matched: settings.isMatched,
            matchDb: (engine.matchDb * 100).rounded() / 100,
            audition: settings.audition.map { OutputStatus.Audition(freq: $0.frequency, q: $0.q) },
            onCard: onCard
        )
    }

    /// Ends the audition of a client that has gone.
    func forget(_ client: ClientID) {
        guard auditioning == client else { return }
        auditioning = nil
        engine.endAudition()
        announceIfChanged()
    }

    /// The engine outlives the one who would end an audition.
    func close() {
        auditioning = nil
        engine.endAudition()
    }

    /// Tells the clients what differs from what they know.
    func announceIfChanged(except client: ClientID? = nil) {
        let status = status
        guard status != announced else { return }
        announced = status
        clients.broadcast(status, except: client)
    }

    /// How loud the bypassed signal has to be: found out by rendering, before a bypass begins that is to be matched.
    private func bypassMatch(_ request: SetOutput) -> (@Sendable () async -> Engine.BypassMatch)? {
        let settings = engine.output
        let isWanted = (request.bypassed ?? settings.isBypassed) && (request.matched ?? settings.isMatched)
        guard isWanted, !(settings.isBypassed && settings.isMatched) else { return nil }
        return { [engine] in await BlockingWork.loudness.run { engine.bypassMatch() } }
    }

    private func setOutput(
        _ request: SetOutput,
        bypassMatch: Engine.BypassMatch?,
        from author: Author
    ) throws -> OutputStatus {
        let mask = try request.muteMask.map { number throws(ControlError) in
            guard let mask = UInt32(exactly: number.value) else {
                throw ControlError(.badField, "A mask has 32 bits: 0…4294967295.", field: "muteMask")
            }
            return mask
        }
        do {
            try engine.changeOutput(bypassMatch: bypassMatch) { settings in
                settings.levelDb = request.levelDb ?? settings.levelDb
                settings.muteMask = mask ?? settings.muteMask
                settings.isMuted = request.muted ?? settings.isMuted
                settings.isDimmed = request.dimmed ?? settings.isDimmed
                settings.dimDb = request.dimDb ?? settings.dimDb
                settings.isPanicMuted = request.panic ?? settings.isPanicMuted
                settings.isBypassed = request.bypassed ?? settings.isBypassed
                settings.isMatched = request.matched ?? settings.isMatched
                if request.endAudition == true { settings.audition = nil }
                if let band = request.audition {
                    settings.audition = OutputSettings.Band(frequency: band.freq, q: band.q)
                }
            }
        } catch let error as EngineError {
            throw ControlError(.outOfRange, "\(error.message).", field: Self.field(of: request))
        }
        if request.audition != nil {
            auditioning = author.client
        } else if request.endAudition == true {
            auditioning = nil
        }
        announceIfChanged(except: author.client)
        return status
    }

    /// The field that can be out of range.
    private static func field(of request: SetOutput) -> String? {
        if let level = request.levelDb, !OutputSettings.levels.contains(level) { return "levelDb" }
        if let dim = request.dimDb, !OutputSettings.dims.contains(dim) { return "dimDb" }
        return request.audition == nil ? nil : "audition"
    }
}
