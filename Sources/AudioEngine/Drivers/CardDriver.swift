import CDynamicChain
import Synchronization

/// Lets a sound card's call-back run the host. Input, output or both are the card's; the rest comes from the rings.
///
/// Without ``CardChannels``, channel i of the chain is channel i of the card.
final class CardDriver: AudioDriver {
    private enum Phase {
        case ready, running, stopped
    }

    private let core: DriverCore
    private let stream: CardStream
    private let name: String
    private let phase = Mutex(Phase.ready)

    init(_ request: DriverRequest, session: PortAudioSession) throws {
        let format = request.host.format
        core = try DriverCore(request)
        var input: CardStream.End?
        var output: CardStream.End?
        if case .card(let name, let channels) = request.source, format.inputs > 0 {
            input = try session.end(name, .input, channels: channels, of: format.inputs)
        }
        if case .card(let name, let channels) = request.sink {
            guard format.outputs > 0 else {
                throw EngineError(.formatMismatch, "the chain has no external output that a sound card could play")
            }
            output = try session.end(name, .output, channels: channels, of: format.outputs)
        }
        guard let named = output ?? input else {
            throw EngineError(.formatMismatch, "the chain has no external input that a sound card could feed")
        }
        name = session.name(of: named.device)
        stream = try CardStream(
            session: session,
            driver: core,
            input: input,
            output: output,
            realtime: request.priority > 0
        )
    }

    var counters: DynDriverCounters { core.counters }
    var isGateShut: Bool { core.isGateShut }

    func setGate(isOpen: Bool) {
        core.setGate(isOpen: isOpen)
    }

    func setGateNow(isOpen: Bool) {
        core.setGateNow(isOpen: isOpen)
    }

    var deviceName: String? { name }

    var outputLatencySamples: Int {
        Int((stream.outputLatency * Double(core.host.format.sampleRate)).rounded())
    }

    var failure: EngineError? {
        phase.withLock { phase in
            guard phase == .running, !stream.isActive else { return nil }
            return EngineError(.deviceLost, "the sound card '\(name)' stopped; start again with a card that is there")
        }
    }

    func start() throws {
        try stream.start()
        phase.withLock { $0 = .running }
    }

    func advance(to position: UInt64) {
        core.wait(for: position, patience: .milliseconds(500))
    }

    func stop() {
        let wasRunning = phase.withLock { phase in
            defer { phase = .stopped }
            return phase == .running
        }
        if wasRunning { stream.stop() }
    }
}
