import Foundation

/// Forward discrete Fourier transform of a power-of-two length in double precision (radix 2, decimation in time).
struct FourierTransform {
    let length: Int
    private let cosines: [Double]
    private let sines: [Double]

    init(length: Int) {
        precondition(length >= 2 && length & (length - 1) == 0, "the length of a transform is a power of two")
        self.length = length
        let step = 2 * Double.pi / Double(length)
        cosines = (0..<length / 2).map { cos(step * Double($0)) }
        sines = (0..<length / 2).map { -sin(step * Double($0)) }
    }

    /// Transforms in place: X[k] = Σ x[n]·exp(−2πi·k·n / length).
    func forward(real: inout [Double], imaginary: inout [Double]) {
        precondition(real.count == length && imaginary.count == length)
        real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
                cosines.withUnsafeBufferPointer { cosines in
                    sines.withUnsafeBufferPointer { sines in
                        reverseBits(real, imaginary)
                        var half = 1
                        while half < length {
                            combine(half, real, imaginary, cosines, sines)
                            half *= 2
                        }
                    }
                }
            }
        }
    }

    private func reverseBits(
        _ real: UnsafeMutableBufferPointer<Double>,
        _ imaginary: UnsafeMutableBufferPointer<Double>
    ) {
        var reversed = 0
        for index in 1..<length {
            var bit = length >> 1
            while reversed & bit != 0 {
                reversed ^= bit
                bit >>= 1
            }
            reversed |= bit
            if index < reversed {
                real.swapAt(index, reversed)
                imaginary.swapAt(index, reversed)
            }
        }
    }

    private func combine(
        _ half: Int,
        _ real: UnsafeMutableBufferPointer<Double>,
        _ imaginary: UnsafeMutableBufferPointer<Double>,
        _ cosines: UnsafeBufferPointer<Double>,
        _ sines: UnsafeBufferPointer<Double>
    ) {
        let stride = length / (2 * half)
        var start = 0
        while start < length {
            var twiddle = 0
            var upper = start
            while upper < start + half {
                let lower = upper + half
                let cosine = cosines[twiddle]
                let sine = sines[twiddle]
                let re = real[lower] * cosine - imaginary[lower] * sine
                let im = real[lower] * sine + imaginary[lower] * cosine
                real[lower] = real[upper] - re
                imaginary[lower] = imaginary[upper] - im
                real[upper] += re
                imaginary[upper] += im
                upper += 1
                twiddle += stride
            }
            start += 2 * half
        }
    }
}
