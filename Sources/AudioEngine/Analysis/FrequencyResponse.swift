import Foundation

/// Magnitude, phase and group delay at a list of frequencies.
public struct FrequencyResponse: Sendable, Hashable {
    /// The response at one frequency. What is `nil` has no meaning there, because nothing comes out.
    public struct Point: Sendable, Hashable {
        public let frequencyHz: Double
        /// 20·log10 |H|.
        public let magnitudeDb: Double?
        /// −180…180, or continuous after `unwrapped()`.
        public let phaseDeg: Double?
        public let groupDelayMs: Double?

        public init(frequencyHz: Double, magnitudeDb: Double?, phaseDeg: Double?, groupDelayMs: Double?) {
            self.frequencyHz = frequencyHz
            self.magnitudeDb = magnitudeDb
            self.phaseDeg = phaseDeg
            self.groupDelayMs = groupDelayMs
        }
    }

    public let points: [Point]

    public init(points: [Point]) {
        self.points = points
    }

    /// |H| below this counts as nothing: −300 dB.
    private static let silence = 1e-15

    /// - Parameters:
    ///   - impulse: the response to a unit impulse at sample 0.
    ///   - sampleRate: in Hz.
    ///   - frequencies: in Hz, each between 0 and half the rate.
    public init(impulse: [Double], sampleRate: Double, frequencies: [Double]) {
        let spectrum = ImpulseSpectrum(impulse)
        points = frequencies.map { frequency in
            let value = spectrum.value(at: 2 * Double.pi * frequency / sampleRate)
            guard value.magnitude >= Self.silence else {
                return Point(frequencyHz: frequency, magnitudeDb: nil, phaseDeg: nil, groupDelayMs: nil)
            }
            return Point(
                frequencyHz: frequency,
                magnitudeDb: 20 * log10(value.magnitude),
                phaseDeg: value.phase * 180 / Double.pi,
                groupDelayMs: value.groupDelay * 1000 / sampleRate
            )
        }
    }

    /// The same response with a phase that does not jump by 360°.
    ///
    /// From point to point the phase advances by −360°·∫τ df with the measured group delay τ; of the values that the
    /// wrapped phase allows, the one nearest to that advance is taken. So a delay of many periods between two points
    /// is followed too. The first point is placed as if the phase came from 0 with its own group delay.
    public func unwrapped() -> FrequencyResponse {
        var last: (frequency: Double, phase: Double, delay: Double)?
        return FrequencyResponse(
            points: points.map { point in
                guard let phase = point.phaseDeg, let delay = point.groupDelayMs else { return point }
                let start = last ?? (frequency: 0, phase: 0, delay: delay)
                let meanDelay = (start.delay + delay) / 2000
                let expected = start.phase - 360 * meanDelay * (point.frequencyHz - start.frequency)
                let continuous = phase + 360 * ((expected - phase) / 360).rounded()
                last = (point.frequencyHz, continuous, delay)
                return Point(
                    frequencyHz: point.frequencyHz,
                    magnitudeDb: point.magnitudeDb,
                    phaseDeg: continuous,
                    groupDelayMs: delay
                )
            }
        )
    }

    /// `count` frequencies at equal ratios, both ends included. For one point, the lower end.
    public static func logarithmicFrequencies(from low: Double, to high: Double, count: Int) -> [Double] {
        guard count > 1 else { return [low] }
        let ratio = log(high / low) / Double(count - 1)
        return (0..<count).map { $0 == count - 1 ? high : low * exp(ratio * Double($0)) }
    }
}
