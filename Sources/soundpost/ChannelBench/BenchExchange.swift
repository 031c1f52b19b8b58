import CChannelBench
import Foundation

/// The loops that are measured; the same as those of Benchmarks/peers/messaging/exchange.c.
struct BenchExchange<End: BenchEnd> {
    let end: End
    let size: Int
    /// Whether both ends are in this process, whose processor time is then that of both.
    let isOneProcess: Bool

    private struct Phase {
        var roundTrips: [UInt64] = []
        var messages = 0
        var seconds = 0.0
        var processorSeconds = 0.0
    }

    private static var mostRoundTrips: Int { 200_000 }
    private static var mostMessages: Int { 5_000_000 }
    private static var warmSeconds: Double { 0.05 }

    // MARK: Initiator

    func initiate(seconds: Double) throws -> BenchFigures {
        _ = try roundTrips(atMost: 1000, Self.warmSeconds)
        let both = try roundTrips(atMost: Self.mostRoundTrips, seconds)
        _ = try oneWay(atMost: 20_000, Self.warmSeconds)
        let way = try oneWay(atMost: Self.mostMessages, seconds)
        try BenchControl(.quit).send(over: end)
        let times = both.roundTrips.sorted()
        func percentile(_ fraction: Double) -> Double {
            // Nearest rank, in microseconds.
            Double(times[max(Int((fraction * Double(times.count)).rounded(.up)), 1) - 1]) / 1000
        }
        let rate = Double(way.messages) / way.seconds
        return BenchFigures(
            roundTrips: both.messages,
            p50us: percentile(0.5), p99us: percentile(0.99), p999us: percentile(0.999), maxus: percentile(1),
            messages: way.messages,
            perSecond: rate.rounded(),
            mbPerSecond: rate * Double(size) / 1e6,
            cpuSecondsPerMillion: way.processorSeconds / Double(way.messages) * 1e6
        )
    }

    private func roundTrips(atMost count: Int, _ seconds: Double) throws -> Phase {
        var phase = Phase()
        // All there, so that no page is touched for the first time later.
        phase.roundTrips = [UInt64](repeating: 1, count: count)
        try measure(.roundTrips, &phase) { totals, phase, start in
            let limit = start + UInt64(seconds * 1e9)
            var before = start
            while phase.messages < count, before < limit {
                totals.sent &+= try send(UInt64(phase.messages))
                totals.received &+= try receive()
                let after = Self.now()
                phase.roundTrips[phase.messages] = after - before
                before = after
                phase.messages += 1
            }
        }
        phase.roundTrips.removeLast(count - phase.messages)
        guard phase.messages > 0 else { throw CommandFailure("no round trip was made in time") }
        return phase
    }

    private func oneWay(atMost count: Int, _ seconds: Double) throws -> Phase {
        var phase = Phase()
        // The clock is asked once in so many bytes or messages, whichever comes first.
        let between = min(max(65_536 / size, 1), 64)
        try measure(.oneWay, &phase) { totals, phase, start in
            let limit = start + UInt64(seconds * 1e9)
            var number = 0
            var sum: UInt64 = 0
            while number < count, number % between != 0 || Self.now() < limit {
                sum &+= try send(UInt64(number))
                number += 1
            }
            phase.messages = number
            totals.sent = sum
        }
        guard phase.messages > 0 else { throw CommandFailure("no message was sent in time") }
        return phase
    }

    /// Announces a phase, runs it, and ends it with the other end's sums.
    private func measure(
        _ letter: BenchControl.Letter, _ phase: inout Phase,
        _ work: (inout BenchControl, inout Phase, _ start: UInt64) throws -> Void
    ) throws {
        try BenchControl(letter).send(over: end)
        _ = try BenchControl.receive(over: end)
        var totals = BenchControl(.end)
        let processor = Self.processorTime()
        let start = Self.now()
        try work(&totals, &phase, start)
        try totals.send(over: end)
        let other = try BenchControl.receive(over: end)
        phase.seconds = Double(Self.now() - start) / 1e9
        let ours = Self.processorTime() - processor
        phase.processorSeconds = Double(isOneProcess ? ours : ours + other.processor) / 1e9
        guard other.received == totals.sent, other.sent == totals.received else {
            throw CommandFailure("the sums of the two ends differ")
        }
    }

    private func send(_ number: UInt64) throws -> UInt64 {
        try end.send(size) { bench_payload_fill($0.baseAddress, $0.count, number) }
    }

    private func receive() throws -> UInt64 {
        let (sum, count) = try end.receive { (bench_payload_sum($0.baseAddress, $0.count), $0.count) }
        guard count == size else { throw CommandFailure("an answer of \(count) bytes came where \(size) are due") }
        return sum
    }

    // MARK: Responder

    private enum Arrival {
        case data(UInt64)
        case control(BenchControl)
        case other(Int)
    }

    /// Sums what comes, answers each message while round trips are measured, and reports at the end.
    func respond() throws {
        var totals = BenchControl(.end)
        var answers = false
        var number: UInt64 = 0
        var start: UInt64 = 0
        while true {
            let arrival = try end.receive { bytes -> Arrival in
                if bytes.count == size { return .data(bench_payload_sum(bytes.baseAddress, bytes.count)) }
                return BenchControl(bytes).map(Arrival.control) ?? .other(bytes.count)
            }
            switch arrival {
            case .data(let sum):
                totals.received &+= sum
                if answers {
                    totals.sent &+= try send(~number)
                    number += 1
                }
            case .control(let control) where control.letter == .quit:
                return
            case .control(let control) where control.letter == .end:
                totals.processor = Self.processorTime() - start
                try totals.send(over: end)
            case .control(let control):
                answers = control.letter == .roundTrips
                totals = BenchControl(.end)
                number = 0
                try control.send(over: end)
                start = Self.processorTime()
            case .other(let count):
                throw CommandFailure("a message of \(count) bytes came where \(size) are due")
            }
        }
    }

    // MARK: Clocks

    /// Nanoseconds.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// User and system time of this process, all threads, in nanoseconds.
    private static func processorTime() -> UInt64 {
        var usage = rusage()
        #if canImport(Darwin)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        let seconds = UInt64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        return seconds * 1_000_000_000 + UInt64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000
    }
}
