import Foundation

/// What was measured of one case.
struct BenchFigures {
    var roundTrips: Int
    var p50us: Double
    var p99us: Double
    var p999us: Double
    var maxus: Double
    /// One way.
    var messages: Int
    var perSecond: Double
    var mbPerSecond: Double
    /// User and system time of both processes.
    var cpuSecondsPerMillion: Double
}

/// A case and its figures, with the names that Benchmarks/messages.py reads.
struct BenchResult: Encodable {
    let kind: String
    let wait: String
    let size: Int
    let encoding: String
    let roundTrips: Int
    let p50us: Double
    let p99us: Double
    let p999us: Double
    let maxus: Double
    let messages: Int
    let perSecond: Double
    let mbPerSecond: Double
    let cpuSecondsPerMillion: Double

    init(_ measured: BenchCase, _ figures: BenchFigures) {
        kind = measured.kind.rawValue
        wait = measured.wait.rawValue
        size = measured.size
        encoding = measured.encoding.rawValue
        roundTrips = figures.roundTrips
        p50us = figures.p50us
        p99us = figures.p99us
        p999us = figures.p999us
        maxus = figures.maxus
        messages = figures.messages
        perSecond = figures.perSecond
        mbPerSecond = figures.mbPerSecond
        cpuSecondsPerMillion = figures.cpuSecondsPerMillion
    }

    // MARK: A table for people

    private static let columns: [(name: String, width: Int)] = [
        ("kind", 7), ("wait", 7), ("encoding", 9), ("size", 8), ("p50 µs", 9), ("p99", 9), ("p99.9", 9), ("max", 10),
        ("messages/s", 12), ("MB/s", 9), ("CPU s/million", 14),
    ]

    static var head: String { row(columns.map(\.name)) }

    var row: String {
        Self.row(
            [kind, wait, encoding, String(size)] + [p50us, p99us, p999us, maxus].map(Self.digits)
                + [String(Int(perSecond)), Self.digits(mbPerSecond), Self.digits(cpuSecondsPerMillion)])
    }

    private static func row(_ cells: [String]) -> String {
        zip(cells, columns).map { cell, column in
            let space = String(repeating: " ", count: max(column.width - cell.count, 0))
            return column.width < 9 && column.name != "size" || column.name == "encoding" ? cell + space : space + cell
        }.joined(separator: " ")
    }

    /// Three digits that count.
    private static func digits(_ value: Double) -> String {
        value >= 100 ? value.formatted(places: 0) : value.formatted(places: value >= 10 ? 1 : value >= 0.1 ? 2 : 4)
    }
}

extension Double {
    fileprivate func formatted(places: Int) -> String {
        String(format: "%.\(places)f", self)
    }
}
