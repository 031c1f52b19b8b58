import DynamicChain
import Foundation

/// A steep filter as a row of equaliser bands.
///
/// Butterworth of order n is a cascade of sections with Q = 1 / (2 cos θ) for the pole angles θ, and one first-order
/// section when n is odd. Linkwitz-Riley of order 2n is two Butterworth filters of order n in a row, −6 dB at the
/// frequency.
///
/// Source: S. H. Linkwitz, "Active Crossover Networks for Noncoincident Drivers", JAES 24 (1976).
public struct EqCascade: Sendable, Hashable {
    public enum Family: String, Sendable, Hashable, Codable, CaseIterable {
        /// Orders 1…8.
        case butterworth
        /// Orders 2, 4, 6, 8.
        case linkwitzRiley
    }

    public enum Shape: String, Sendable, Hashable, Codable, CaseIterable {
        case lowPass, highPass
    }

    /// One band of the equaliser.
    public struct Band: Sendable, Hashable {
        /// Name among the values of the equaliser's `type`.
        public var type: String
        /// Hz.
        public var frequency: Float
        public var q: Float

        public init(type: String, frequency: Float, q: Float) {
            self.type = type
            self.frequency = frequency
            self.q = q
        }
    }

    public let bands: [Band]

    /// Nil for an order that the family does not have.
    public init?(family: Family, shape: Shape, order: Int, frequency: Float) {
        switch family {
        case .butterworth:
            guard (1...8).contains(order) else { return nil }
            bands = Self.butterworth(shape, order, frequency)
        case .linkwitzRiley:
            guard (2...8).contains(order), order % 2 == 0 else { return nil }
            let half = Self.butterworth(shape, order / 2, frequency)
            bands = half + half
        }
    }

    private static func butterworth(_ shape: Shape, _ order: Int, _ frequency: Float) -> [Band] {
        var bands: [Band] = []
        if order % 2 == 1 {
            let type: BiquadDesign.FilterType = shape == .lowPass ? .lowPass1 : .highPass1
            bands.append(Band(type: "\(type)", frequency: frequency, q: Float(0.5.squareRoot())))
        }
        for pair in 0..<(order / 2) {
            // Angle of the pole pair from the negative real axis.
            let angle = Double.pi * Double(2 * pair + 1 + (order % 2)) / Double(2 * order)
            bands.append(Band(type: shape.rawValue, frequency: frequency, q: Float(1 / (2 * cos(angle)))))
        }
        return bands
    }

    /// Parameter values that set this cascade on one channel of an equaliser, from `firstBand` on.
    public func parameters(channel: Int, firstBand: Int = 0) -> [(key: ParameterKey, input: ParameterInput)] {
        bands.enumerated().flatMap { offset, band in
            let indices = [channel, firstBand + offset]
            return [
                (ParameterKey(name: "type", indices: indices), ParameterInput.string(band.type)),
                (ParameterKey(name: "freq", indices: indices), .number(Double(band.frequency))),
                (ParameterKey(name: "gainDb", indices: indices), .number(0)),
                (ParameterKey(name: "q", indices: indices), .number(Double(band.q))),
                (ParameterKey(name: "bandEnable", indices: indices), .bool(true)),
            ]
        }
    }
}
