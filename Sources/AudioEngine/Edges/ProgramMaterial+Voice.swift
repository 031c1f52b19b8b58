import Foundation

extension ProgramMaterial {
    /// One note: decaying partials, or a decaying burst of noise.
    struct Voice {
        /// A sine that decays by 60 dB, made by the recursion y[n] = a1·y[n−1] − a2·y[n−2].
        struct Partial {
            private let a1: Float
            private let a2: Float
            private var y1: Float
            private var y2: Float

            init(frequency: Double, level: Double, seconds: Double, sampleRate: Int) {
                let omega = 2 * Double.pi * frequency / Double(sampleRate)
                let radius = pow(0.001, 1 / (seconds * Double(sampleRate)))
                a1 = Float(2 * radius * cos(omega))
                a2 = Float(radius * radius)
                // The samples before the first, so that it begins at the sine's zero.
                y1 = Float(-level * sin(omega) / radius)
                y2 = Float(-level * sin(2 * omega) / (radius * radius))
            }

            mutating func next() -> Float {
                let y = a1 * y1 - a2 * y2
                y2 = y1
                y1 = y
                return y
            }
        }

        private var partials: [Partial]
        private var noiseLevel: Float
        private let noiseDecay: Float
        private var lastNoise: Float = 0
        private let left: Float
        private let right: Float
        private var remaining: Int

        init(partials: [Partial] = [], noiseLevel: Float = 0, seconds: Double, pan: Float, sampleRate: Int) {
            self.partials = partials
            self.noiseLevel = noiseLevel
            noiseDecay = Float(pow(0.001, 1 / (seconds * Double(sampleRate))))
            left = 1 - pan
            right = pan
            remaining = Int(seconds * Double(sampleRate) * 1.2)
        }

        var isOver: Bool { remaining <= 0 }

        mutating func add(
            to buffer: UnsafeMutablePointer<Float>,
            frames: Int,
            channels: Int,
            noise: inout UInt32
        ) {
            let count = min(frames, remaining)
            for frame in 0..<count {
                var sample: Float = 0
                for index in partials.indices { sample += partials[index].next() }
                if noiseLevel > 0 {
                    noise ^= noise << 13
                    noise ^= noise >> 17
                    noise ^= noise << 5
                    let white = Float(Int32(bitPattern: noise)) * 0x1p-31
                    sample += noiseLevel * (white - lastNoise)
                    lastNoise = white
                    noiseLevel *= noiseDecay
                }
                let target = buffer + frame * channels
                for channel in 0..<channels {
                    target[channel] += sample * (channels == 1 ? 1 : 2 * (channel % 2 == 0 ? left : right))
                }
            }
            remaining -= count
        }
    }
}
