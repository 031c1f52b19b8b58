import CDynamicChain
import Foundation

/// Gathers the measurements of one module over a subscriber's interval.
struct ModuleAccumulator {
    /// What −120 dBFS and silence are reported as.
    static let floorDb = -120.0

    private var nanoseconds: UInt64 = 0
    private var timedFrames: UInt64 = 0
    private var peaks: [Float] = []
    private var squares: [Double] = []
    private var frames: [UInt64] = []

    mutating func add(time record: DynHostRecord) {
        nanoseconds += UInt64(record.ns)
        timedFrames += 1
    }

    mutating func add(level record: DynHostRecord) {
        let channel = Int(record.channel)
        makeRoom(for: channel)
        peaks[channel] = max(peaks[channel], record.peak)
        squares[channel] += Double(record.square)
        frames[channel] += 1
    }

    var isEmpty: Bool { timedFrames == 0 && peaks.isEmpty }

    /// Takes over what another one gathered.
    mutating func add(_ other: ModuleAccumulator) {
        nanoseconds += other.nanoseconds
        timedFrames += other.timedFrames
        for channel in other.peaks.indices {
            makeRoom(for: channel)
            peaks[channel] = max(peaks[channel], other.peaks[channel])
            squares[channel] += other.squares[channel]
            frames[channel] += other.frames[channel]
        }
    }

    private mutating func makeRoom(for channel: Int) {
        while peaks.count <= channel {
            peaks.append(0)
            squares.append(0)
            frames.append(0)
        }
    }

    /// Mean of one frame, `nil` without a measurement.
    var processTimeUs: Double? {
        timedFrames > 0 ? Double(nanoseconds) / Double(timedFrames) / 1000 : nil
    }

    var outputPeakDb: [Double] {
        peaks.map { Self.decibels(Double($0)) }
    }

    var outputRmsDb: [Double] {
        zip(squares, frames).map { Self.decibels(($0 / Double(max($1, 1))).squareRoot()) }
    }

    private static func decibels(_ amplitude: Double) -> Double {
        amplitude > 0 ? max(20 * log10(amplitude), floorDb) : floorDb
    }
}
