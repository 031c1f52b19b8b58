import Foundation

/// A range of values and where its grid lines stand.
struct PlotAxis {
    struct Tick {
        let value: Double
        /// Empty for a minor grid line.
        let label: String
    }

    let low: Double
    let high: Double
    let isLogarithmic: Bool
    let ticks: [Tick]

    /// 0 at `low`, 1 at `high`.
    func position(of value: Double) -> Double {
        isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    }

    /// A logarithmic frequency axis: grid lines at 1…9 of every decade, labels at 1, 2 and 5.
    static func frequency(from low: Double, to high: Double) -> PlotAxis {
        var ticks: [Tick] = []
        var decade = pow(10, log10(low).rounded(.down))
        while decade <= high {
            for digit in 1...9 {
                let value = decade * Double(digit)
                guard value >= low * 0.999_999, value <= high * 1.000_001 else { continue }
                ticks.append(Tick(value: value, label: [1, 2, 5].contains(digit) ? frequencyLabel(value) : ""))
            }
            decade *= 10
        }
        return PlotAxis(low: low, high: high, isLogarithmic: true, ticks: ticks)
    }

    private static func frequencyLabel(_ value: Double) -> String {
        value >= 999.5 ? "\(number(value / 1000))k" : number(value)
    }

    /// A linear axis that holds `values`, with labels at multiples of one of `steps`, at most `count` intervals.
    ///
    /// - Parameter minimumSpan: a range at least this wide, so that a flat curve does not show its rounding.
    static func linear(
        holding values: ClosedRange<Double>,
        minimumSpan: Double,
        steps: [Double],
        count: Int
    ) -> PlotAxis {
        let spare = max(minimumSpan - (values.upperBound - values.lowerBound), 0) / 2
        let wanted = (values.lowerBound - spare)...(values.upperBound + spare)
        for step in steps {
            let low = (wanted.lowerBound / step).rounded(.down)
            let high = (wanted.upperBound / step).rounded(.up)
            guard high - low <= Double(count) || step == steps.last else { continue }
            let top = high > low ? high : low + 1
            let ticks = stride(from: low, through: top, by: max(1, ((top - low) / 40).rounded(.up))).map {
                Tick(value: $0 * step, label: number($0 * step))
            }
            return PlotAxis(low: low * step, high: top * step, isLogarithmic: false, ticks: ticks)
        }
        preconditionFailure("an axis needs a list of steps")
    }

    /// Steps of 1, 2 and 5 from a billionth to a billion.
    static let decimalSteps: [Double] = (-9...9).flatMap { (exponent: Int) -> [Double] in
        let power = pow(10, Double(abs(exponent)))
        let digits: [Double] = [1, 2, 5]
        return digits.map { exponent < 0 ? $0 / power : $0 * power }
    }

    /// Up to nine digits without trailing zeros, with a real minus sign.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 1e9).rounded() / 1e9
        let plain = rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
        return plain.replacing("-", with: "−")
    }
}
