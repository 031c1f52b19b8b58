import Foundation

/// The peaking filter of Robert Bristow-Johnson's Audio EQ Cookbook, as a formula.
struct RBJPeak {
    let frequency: Double
    let gainDb: Double
    let q: Double
    let sampleRate: Double

    /// H(e^jω) at a frequency in Hz.
    func response(at hertz: Double) -> (magnitudeDb: Double, phaseDeg: Double) {
        let amplitude = pow(10, gainDb / 40)
        let centre = 2 * Double.pi * frequency / sampleRate
        let alpha = sin(centre) / (2 * q)
        let numerator = [1 + alpha * amplitude, -2 * cos(centre), 1 - alpha * amplitude]
        let denominator = [1 + alpha / amplitude, -2 * cos(centre), 1 - alpha / amplitude]
        let omega = 2 * Double.pi * hertz / sampleRate
        let above = Self.value(numerator, omega)
        let below = Self.value(denominator, omega)
        let energy = (above.re * above.re + above.im * above.im) / (below.re * below.re + below.im * below.im)
        let phase = (atan2(above.im, above.re) - atan2(below.im, below.re)) * 180 / Double.pi
        return (10 * log10(energy), phase)
    }

    private static func value(_ taps: [Double], _ omega: Double) -> (re: Double, im: Double) {
        taps.enumerated().reduce(into: (re: 0.0, im: 0.0)) { sum, tap in
            sum.re += tap.element * cos(omega * Double(tap.offset))
            sum.im -= tap.element * sin(omega * Double(tap.offset))
        }
    }
}
