import ChainModel
import Foundation
import Synchronization

extension Engine {
    /// What a bypassed signal is raised by at the most, dB: the chain may hold a limiter, which the bypass does not.
    static let mostBypassGain = 12.0

    /// What happens behind the chain now.
    public var output: OutputSettings {
        shared.state.withLock { $0.output }
    }

    /// A sound card plays.
    public var isOnCard: Bool {
        shared.state.withLock { $0.session?.isOnCard ?? false }
    }

    /// What loudness matching adds now, dB: to the bypassed signal while the chain is bypassed, else to the output.
    public var matchDb: Double {
        shared.state.withLock { $0.output.isBypassed ? $0.bypassMatchDb + $0.trimDb : $0.trimDb }
    }

    /// What ``setTrim(_:)`` was last given, dB; 0 without matching.
    public var trimDb: Double {
        shared.state.withLock { $0.trimDb }
    }

    /// Changes level, mutes, bypass or audition; the sound goes over in 20 ms.
    ///
    /// - Parameter bypassMatch: what ``bypassMatch()`` said, for a bypass that begins and is to be matched; it counts
    ///   for the chain that it was found for. What was said last stays otherwise.
    /// - Throws: ``EngineError`` `badArgument` for what is out of range; nothing has changed then.
    public func changeOutput(
        bypassMatch: BypassMatch? = nil,
        _ change: (inout OutputSettings) -> Void
    ) throws {
        var wanted = output
        change(&wanted)
        try wanted.validate()
        shared.state.withLock { state in
            change(&state.output)
            if let bypassMatch {
                state.bypassMatchDb = bypassMatch.chain == state.setup?.chain ? bypassMatch.decibels : 0
            }
            if !state.output.isMatched {
                state.bypassMatchDb = 0
                state.trimDb = 0
            }
            state.applyOutput()
        }
    }

    /// What has to be added to the bypassed signal for it to be as loud as the chain makes it, dB: from the last
    /// seconds of the programme, so far as its peaks leave room up to full scale, but no more than ``mostBypassGain``.
    ///
    /// Renders for up to half a second: not for the audio thread, nor for an actor.
    ///
    /// - Returns: 0 when nothing can be compared; see ``loudnessGain(of:)``.
    public func bypassMatch() -> BypassMatch {
        guard let setup else { return BypassMatch(decibels: 0, chain: nil) }
        guard let (gain, peak) = loudnessGain(of: setup) else { return BypassMatch(decibels: 0, chain: setup.chain) }
        let room = min(max(-20 * log10(max(Double(peak), 1e-6)), 0), Self.mostBypassGain)
        return BypassMatch(decibels: min(gain, room), chain: setup.chain)
    }

    /// How loud a bypassed signal has to be.
    public struct BypassMatch: Sendable {
        public let decibels: Double
        fileprivate let chain: FlattenedChain?
    }

    /// Lets everything be heard again.
    public func endAudition() {
        shared.state.withLock { state in
            state.output.audition = nil
            state.applyOutput()
        }
    }

    /// Adds to the level behind the chain, so that what is compared is equally loud. Without matching it stays 0.
    public func setTrim(_ decibels: Double) {
        shared.state.withLock { state in
            state.trimDb = state.output.isMatched ? decibels : 0
            state.applyOutput()
        }
    }
}

extension EngineState {
    /// Tells the host what the settings are.
    func applyOutput() {
        guard let session else { return }
        let gain = output.gain(onCard: session.isOnCard, trimDb: trimDb)
        session.host.setOutput(gain: gain, muteMask: output.muteMask)
        session.host.setBypass(
            output.isBypassed,
            gain: Float(pow(10, bypassMatchDb / 20)),
            delay: session.running.latencySamples
        )
        session.host.setAudition(output.audition)
    }
}
