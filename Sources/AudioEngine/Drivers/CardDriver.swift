import CDynamicChain
import CPortAudio
import Synchronization

/// Lets a sound card's call-back run the host. Input, output or both are the card's; the rest comes from the rings.
///
/// When input and output are two cards, the output's clock drives, and a ``CardFollower`` brings the input to it.
/// Without ``CardChannels``, channel i of the chain is channel i of the card.
final class CardDriver: AudioDriver {
    private enum Phase {
        case ready, running, stopped
    }

    /// One card that is open.
    private struct Card {
        let name: String
        let stream: CardStream
    }

    private let core: DriverCore
    /// The card that drives.
    private let card: Card
    private let follower: CardFollower?
    /// The card that is followed.
    private let heard: Card?
    private let phase = Mutex(Phase.ready)

    init(_ request: DriverRequest, session: PortAudioSession) throws {
        let format = request.host.format
        let isRealtime = request.priority > 0
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
        guard let driving = output ?? input else {
            throw EngineError(.formatMismatch, "the chain has no external input that a sound card could feed")
        }
        func open(_ device: PaDeviceIndex, input: CardStream.End?, output: CardStream.End?) throws -> Card {
            Card(
                name: session.name(of: device),
                stream: try CardStream(
                    session: session, format: format, input: input, output: output, realtime: isRealtime)
            )
        }
        if let input, let output, !session.haveOneClock(input.device, output.device) {
            let heard = try open(input.device, input: input, output: nil)
            card = try open(output.device, input: nil, output: output)
            follower = try CardFollower(
                format: format,
                cardChannels: input.channels,
                channels: request.source.cardChannels,
                cardLatency: max(heard.stream.inputLatency, card.stream.outputLatency)
            )
            self.heard = heard
        } else {
            card = try open(driving.device, input: input, output: output)
            follower = nil
            heard = nil
        }
        core = try DriverCore(request, input: follower?.ring ?? request.input)
    }

    /// Each time that the followed card's stream had to be centred anew counts as a frame that was missed.
    var counters: DynDriverCounters {
        var counters = core.counters
        counters.missedInputFrames += follower?.resyncs ?? 0
        return counters
    }

    var isGateShut: Bool { core.isGateShut }

    func setGate(isOpen: Bool) {
        core.setGate(isOpen: isOpen)
    }

    func setGateNow(isOpen: Bool) {
        core.setGateNow(isOpen: isOpen)
    }

    var deviceName: String? { card.name }

    var outputLatencySamples: Int {
        Int((card.stream.outputLatency * Double(core.host.format.sampleRate)).rounded())
    }

    var inputDelaySamples: Int { follower?.delay ?? 0 }

    var failure: EngineError? {
        phase.withLock { phase in
            guard phase == .running,
                let stopped = [card, heard].compactMap({ $0 }).first(where: { !$0.stream.isActive })
            else { return nil }
            return EngineError(
                .deviceLost, "the sound card '\(stopped.name)' stopped; start again with a card that is there")
        }
    }

    func start() throws {
        if let heard, let follower { try heard.stream.start(.input(follower)) }
        do {
            try card.stream.start(.driver(core, input: follower))
        } catch {
            heard?.stream.stop()
            throw error
        }
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
        guard wasRunning else { return }
        card.stream.stop()
        heard?.stream.stop()
    }
}
