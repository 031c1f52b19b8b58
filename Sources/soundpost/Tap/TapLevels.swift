import Foundation

/// Peak and RMS of the stretches of a wire, one after the other.
struct TapLevels {
    /// One stretch.
    struct Reading: Encodable, Equatable {
        let instanceId: String
        let port: String
        /// Where the stretch ends, from the first sample on, lost ones included.
        let seconds: Double
        /// dBFS of each channel: 20 log₁₀ of the largest magnitude; null for silence.
        let peak: [Double?]
        /// dBFS of each channel: 20 log₁₀ of the root of the mean square, so −3.01 for a sine at full scale; null for
        /// silence.
        let rms: [Double?]
        /// Frames of the stretch that were lost.
        let missed: Int

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(instanceId, forKey: .instanceId)
            try container.encode(port, forKey: .port)
            try container.encode(seconds, forKey: .seconds)
            try container.encode(peak, forKey: .peak)
            try container.encode(rms, forKey: .rms)
            try container.encode(missed, forKey: .missed)
        }

        private enum CodingKeys: CodingKey {
            case instanceId, port, seconds, peak, rms, missed
        }

        var text: String {
            func column(_ levels: [Double?]) -> String {
                levels.map { $0.map { String(format: "%7.2f", $0) } ?? "   -inf" }.joined(separator: " ")
            }
            let time = String(format: "%9.2f", seconds)
            return "\(time) s  peak \(column(peak)) dBFS  rms \(column(rms)) dBFS  missed \(missed)"
        }
    }

    private let instance: String
    private let port: String
    private let sampleRate: Int
    private let channels: Int
    /// Frames of a stretch.
    private let length: Int
    private var peaks: [Float]
    private var squares: [Double]
    private var frames = 0
    private var missed = 0

    /// - Parameters:
    ///   - sampleRate: Hz.
    ///   - interval: of a stretch, seconds.
    init(instance: String, port: String, sampleRate: Int, channels: Int, interval: Double) {
        self.instance = instance
        self.port = port
        self.sampleRate = sampleRate
        self.channels = channels
        length = max(1, Int((interval * Double(sampleRate)).rounded()))
        peaks = Array(repeating: 0, count: channels)
        squares = Array(repeating: 0, count: channels)
    }

    /// Takes a record, and gives the stretches that it completes.
    mutating func take(_ record: TapRecord) -> [Reading] {
        missed += record.missed
        var readings: [Reading] = []
        var position = record.position
        for start in stride(from: 0, to: record.samples.count, by: channels) {
            for channel in 0..<channels {
                let sample = record.samples[start + channel]
                peaks[channel] = max(peaks[channel], abs(sample))
                squares[channel] += Double(sample) * Double(sample)
            }
            frames += 1
            position += 1
            if frames == length { readings.append(finish(at: position)) }
        }
        return readings
    }

    private mutating func finish(at position: UInt64) -> Reading {
        let count = Double(frames)
        let reading = Reading(
            instanceId: instance,
            port: port,
            seconds: Double(position) / Double(sampleRate),
            peak: peaks.map { Self.decibels(Double($0)) },
            rms: squares.map { Self.decibels(($0 / count).squareRoot()) },
            missed: missed
        )
        peaks = Array(repeating: 0, count: channels)
        squares = Array(repeating: 0, count: channels)
        frames = 0
        missed = 0
        return reading
    }

    private static func decibels(_ magnitude: Double) -> Double? {
        magnitude > 0 ? 20 * log10(magnitude) : nil
    }
}
