import AudioEngine
import ControlProtocol
import Dispatch
import Logging
import Synchronization

/// Makes the spectra of one client on a thread that serves all of them.
///
/// `@unchecked Sendable`: the analyzer is used on `queue` alone.
final class SpectrumWork: @unchecked Sendable {
    /// One for all clients: spectra are for eyes, and leave the other processors to the sound.
    private static let queue = DispatchQueue(label: "soundpost.spectra", qos: .utility)

    private enum Phase {
        case idle, busy, ended
    }

    let subscription: SubscriptionID
    private let engine: Engine
    private let points: [(SpectrumSubscribe.Point, WirePoint)]
    private let connection: any ClientConnection
    private let logger: Logger
    private let analyzer: SpectrumAnalyzer
    private let scale = SpectrumAnalyzer.Scale()
    private let phase = Mutex(Phase.idle)

    init(
        engine: Engine,
        subscription: SubscriptionID,
        points: [(SpectrumSubscribe.Point, WirePoint)],
        size: Int,
        connection: any ClientConnection,
        logger: Logger
    ) {
        self.engine = engine
        self.subscription = subscription
        self.points = points
        self.connection = connection
        self.logger = logger
        analyzer = SpectrumAnalyzer(size: size)
    }

    /// What the points look at.
    var wires: Set<WirePoint> { Set(points.map(\.1)) }

    /// Has the next spectra made and sent, unless the last are not done. Returns at once.
    func run(at timestamp: Int64) {
        let begins = phase.withLock { phase in
            guard phase == .idle else { return false }
            phase = .busy
            return true
        }
        guard begins else { return }
        Self.queue.async { [self] in
            send(timestamp)
            phase.withLock { if $0 == .busy { $0 = .idle } }
        }
    }

    /// Nothing more is sent once this has returned, but for what is being sent.
    func end() {
        phase.withLock { $0 = .ended }
    }

    private func send(_ timestamp: Int64) {
        let spectrum = Spectrum(
            timestamp: timestamp,
            minHz: scale.minHz,
            maxHz: scale.maxHz,
            points: points.map { point, wire in
                Spectrum.Point(
                    instanceId: point.instanceId,
                    port: point.port,
                    channel: point.channel?.value,
                    db: levels(wire, channel: point.channel?.value)
                )
            }
        )
        guard phase.withLock({ $0 == .busy }) else { return }
        do {
            connection.send(try MessageEncoder().text(spectrum), priority: .meter)
        } catch {
            logger.error("A spectrum could not be encoded.", metadata: ["error": "\(error)"])
        }
    }

    private func levels(_ wire: WirePoint, channel: Int?) -> [Double] {
        guard let stretch = engine.stretch(of: wire, frames: analyzer.size), channel ?? 0 < stretch.channels else {
            return []
        }
        return analyzer.levels(
            of: stretch.samples,
            channels: stretch.channels,
            channel: channel,
            sampleRate: stretch.sampleRate,
            scale: scale
        ).map { (Double($0) * 10).rounded() / 10 }
    }
}
