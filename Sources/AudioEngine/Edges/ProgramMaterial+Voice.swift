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

        /// Adds the next samples to interleaved left and right.
        mutating func add(to stereo: UnsafeMutablePointer<Float>, frames: Int, noise: inout UInt32) {
            let count = min(frames, remaining)
            remaining -= count
            for index in partials.indices {
                var partial = partials[index]
                for frame in 0..<count { place(partial.next(), stereo + 2 * frame) }
                partials[index] = partial
            }
            guard noiseLevel > 0 else { return }
            for frame in 0..<count {
                noise ^= noise << 13
                noise ^= noise >> 17
                noise ^= noise << 5
                let white = Float(Int32(bitPattern: noise)) * 0x1p-31
                place(noiseLevel * (white - lastNoise), stereo + 2 * frame)
                lastNoise = white
                noiseLevel *= noiseDecay
            }
        }

        private func place(_ sample: Float, _ target: UnsafeMutablePointer<Float>) {
            target[0] += 2 * left * sample
            target[1] += 2 * right * sample
        }
    }
}
