import AudioEngine
import Foundation

/// Test signals: a channel an element.
struct Signal: Equatable {
    var channels: [[Float]]
    var sampleRate = 48_000

    var count: Int { channels.first?.count ?? 0 }

    /// White noise of the given peak; each channel its own.
    static func noise(channels: Int, count: Int, peak: Float = 0.5, seed: UInt64 = 1) -> Signal {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return Signal(
            channels: (0..<channels).map { _ in
                (0..<count).map { _ in
                    state ^= state << 13
                    state ^= state >> 7
                    state ^= state << 17
                    return peak * (Float(state >> 40) * 0x1p-23 - 1)
                }
            }
        )
    }

    static func sine(_ frequency: Double, amplitude: Double, channels: Int = 1, count: Int, rate: Int = 48_000)
        -> Signal
    {
        let channel = (0..<count).map { Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
        return Signal(channels: Array(repeating: channel, count: channels), sampleRate: rate)
    }

    var interleaved: [Float] {
        (0..<count).flatMap { frame in channels.map { $0[frame] } }
    }

    init(channels: [[Float]], sampleRate: Int = 48_000) {
        self.channels = channels
        self.sampleRate = sampleRate
    }

    init(interleaved: [Float], channels: Int, sampleRate: Int = 48_000) {
        let count = interleaved.count / channels
        self.init(
            channels: (0..<channels).map { channel in (0..<count).map { interleaved[$0 * channels + channel] } },
            sampleRate: sampleRate
        )
    }

    init(path: String) throws {
        let reader = try AudioFileReader(path: path)
        var samples = [Float](repeating: 0, count: reader.frameCount * reader.channels)
        let read = try samples.withUnsafeMutableBufferPointer {
            try reader.read(into: $0.baseAddress!, frames: reader.frameCount)
        }
        self.init(
            interleaved: Array(samples.prefix(read * reader.channels)),
            channels: reader.channels,
            sampleRate: reader.sampleRate
        )
    }

    func write(to path: String, format: AudioFileFormat? = nil, dither: Bool = false) throws {
        let writer = try AudioFileWriter(
            path: path,
            channels: channels.count,
            sampleRate: sampleRate,
            format: format,
            dither: dither
        )
        let samples = interleaved
        try samples.withUnsafeBufferPointer { try writer.write($0.baseAddress!, frames: count) }
        try writer.close()
    }

    func prefix(_ count: Int) -> Signal {
        Signal(channels: channels.map { Array($0.prefix(count)) }, sampleRate: sampleRate)
    }

    func dropFirst(_ count: Int) -> Signal {
        Signal(channels: channels.map { Array($0.dropFirst(count)) }, sampleRate: sampleRate)
    }

    var peak: Float { channels.joined().reduce(0) { max($0, abs($1)) } }

    /// Equal to the last bit, signs of zeros included.
    func hasBits(of other: Signal) -> Bool {
        channels.map { $0.map(\.bitPattern) } == other.channels.map { $0.map(\.bitPattern) }
    }
}
