/// Metrics in Prometheus' text exposition format 0.0.4.
///
/// Every metric has HELP and TYPE before its samples, and all samples of a metric stand together. Names end in the unit
/// (`_seconds`, `_bytes`, `_ratio`), those of counters in `_total`.
struct PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// One label of a sample.
    typealias Label = (name: String, value: String)

    private(set) var text = ""

    /// A value that only grows, until the node or the engine starts again.
    mutating func counter(_ name: String, _ help: String, _ value: Double) {
        describe(name, help, "counter")
        sample(name, [], value)
    }

    /// The same for each value of a label.
    mutating func counters(_ name: String, _ help: String, by label: String, _ values: [(String, Double)]) {
        family(name, help, "counter", by: label, values)
    }

    /// A value that rises and falls.
    mutating func gauge(_ name: String, _ help: String, _ value: Double, labels: [Label] = []) {
        describe(name, help, "gauge")
        sample(name, labels, value)
    }

    /// The same for each value of a label.
    mutating func gauges(_ name: String, _ help: String, by label: String, _ values: [(String, Double)]) {
        family(name, help, "gauge", by: label, values)
    }

    /// Counters that several labels tell apart.
    mutating func counters(_ name: String, _ help: String, _ values: [([Label], Double)]) {
        describe(name, help, "counter")
        for (labels, value) in values { sample(name, labels, value) }
    }

    /// Gauges that several labels tell apart.
    mutating func gauges(_ name: String, _ help: String, _ values: [([Label], Double)]) {
        describe(name, help, "gauge")
        for (labels, value) in values { sample(name, labels, value) }
    }

    /// Quantiles of a measure.
    struct Summary {
        var labels: [Label]
        /// By the quantile's name, such as `0.99`.
        var quantiles: [(name: String, value: Double)]
        /// Of all values.
        var sum: Double
        var count: Int
    }

    mutating func summaries(_ name: String, _ help: String, _ summaries: [Summary]) {
        describe(name, help, "summary")
        for summary in summaries {
            for quantile in summary.quantiles {
                sample(name, summary.labels + [("quantile", quantile.name)], quantile.value)
            }
            sample(name + "_sum", summary.labels, summary.sum)
            sample(name + "_count", summary.labels, Double(summary.count))
        }
    }

    /// Counts of a measure by size.
    ///
    /// - Parameters:
    ///   - bounds: the largest value of each bucket but the last.
    ///   - counts: in each bucket, not accumulated; one more than there are bounds.
    ///   - sum: of all values.
    mutating func histogram(_ name: String, _ help: String, bounds: [Double], counts: [UInt64], sum: Double) {
        describe(name, help, "histogram")
        var accumulated: UInt64 = 0
        for (bound, count) in zip(bounds, counts) {
            accumulated += count
            sample(name + "_bucket", [("le", Self.number(bound))], Double(accumulated))
        }
        accumulated += counts.last ?? 0
        sample(name + "_bucket", [("le", "+Inf")], Double(accumulated))
        sample(name + "_sum", [], sum)
        sample(name + "_count", [], Double(accumulated))
    }

    private mutating func family(
        _ name: String,
        _ help: String,
        _ type: String,
        by label: String,
        _ values: [(String, Double)]
    ) {
        describe(name, help, type)
        for (labelValue, value) in values {
            sample(name, [(label, labelValue)], value)
        }
    }

    private mutating func describe(_ name: String, _ help: String, _ type: String) {
        let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(escaped)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: [Label], _ value: Double) {
        let inner = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += "\(name)\(inner.isEmpty ? "" : "{\(inner)}") \(Self.number(value))\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// As Go reads it; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
