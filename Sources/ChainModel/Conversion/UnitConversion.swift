import Foundation

/// Converts between the units that people use and those of the modules.
public struct UnitConversion: Sendable, Hashable {
    /// Metres a second; 343 is dry air at 20 °C.
    public var speedOfSound: Double

    public init(speedOfSound: Double = 343) {
        self.speedOfSound = speedOfSound
    }

    /// 10^(dB/20); −120 dB and below is silence, as in the modules.
    public func linear(decibels: Double) -> Double {
        decibels <= -120 ? 0 : pow(10, decibels / 20)
    }

    /// 20 log10 of the magnitude; −120 dB for anything quieter.
    public func decibels(linear: Double) -> Double {
        linear == 0 ? -120 : max(-120, 20 * log10(abs(linear)))
    }

    /// Whole samples nearest to a time; nil when it is not finite or does not fit 32 bits.
    public func samples(milliseconds: Double, sampleRate: Int) -> Int32? {
        Int32(exactly: (milliseconds * Double(sampleRate) / 1000).rounded())
    }

    /// Whole samples nearest to the time that sound takes for a distance; nil when it is not finite or does not fit 32
    /// bits.
    public func samples(centimetres: Double, sampleRate: Int) -> Int32? {
        samples(milliseconds: centimetres * 10 / speedOfSound, sampleRate: sampleRate)
    }

    public func milliseconds(samples: Int, sampleRate: Int) -> Double {
        Double(samples) * 1000 / Double(sampleRate)
    }

    public func centimetres(samples: Int, sampleRate: Int) -> Double {
        milliseconds(samples: samples, sampleRate: sampleRate) * speedOfSound / 10
    }
}
