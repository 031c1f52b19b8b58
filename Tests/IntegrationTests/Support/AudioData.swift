import AudioEngine
import Foundation
import Testing

/// A whole audio file in memory, interleaved.
struct AudioData: Equatable {
    var channels: Int
    var sampleRate: Int
    var samples: [Float]

    var frames: Int { samples.count / channels }

    /// Deterministic noise, different in every channel, at most −6 dBFS.
    static func noise(channels: Int, frames: Int, sampleRate: Int = 48000, seed: UInt64 = 1) -> AudioData {
        var state = seed
        let samples = (0..<channels * frames).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int64(bitPattern: state) >> 40) / Float(1 << 24)
        }
        return AudioData(channels: channels, sampleRate: sampleRate, samples: samples)
    }

    init(channels: Int, sampleRate: Int, samples: [Float]) {
        self.channels = channels
        self.sampleRate = sampleRate
        self.samples = samples
    }

    init(contentsOf url: URL) throws {
        let reader = try AudioFileReader(path: url.path)
        channels = reader.channels
        sampleRate = reader.sampleRate
        var block = [Float](repeating: 0, count: 4096 * reader.channels)
        samples = []
        while true {
            let count = try block.withUnsafeMutableBufferPointer { block in
                try reader.read(into: #require(block.baseAddress), frames: 4096)
            }
            samples += block.prefix(count * channels)
            guard count == 4096 else { break }
        }
    }

    func write(to url: URL) throws {
        let writer = try AudioFileWriter(path: url.path, channels: channels, sampleRate: sampleRate)
        try samples.withUnsafeBufferPointer { samples in
            try writer.write(#require(samples.baseAddress), frames: frames)
        }
        try writer.close()
    }

    /// Without the first `count` frames.
    func dropping(frames count: Int) -> AudioData {
        AudioData(channels: channels, sampleRate: sampleRate, samples: Array(samples.dropFirst(count * channels)))
    }

    func prefix(frames count: Int) -> AudioData {
        AudioData(channels: channels, sampleRate: sampleRate, samples: Array(samples.prefix(count * channels)))
    }

    func channel(_ index: Int) -> [Float] {
        stride(from: index, to: samples.count, by: channels).map { samples[$0] }
    }
}
