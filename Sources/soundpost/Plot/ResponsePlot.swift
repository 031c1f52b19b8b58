import AudioEngine
import Foundation

/// Magnitude, phase and group delay over frequency, in three panels with one frequency axis.
struct ResponsePlot {
    struct Curve {
        let label: String
        let response: FrequencyResponse
    }

    let title: String
    let subtitle: String
    let curves: [Curve]
    let lowestFrequency: Double
    let highestFrequency: Double
    /// The phase runs on beyond ±180°.
    let hasContinuousPhase: Bool

    private static let width = 960
    private static let height = 900
    private static let plotLeft = 84.0
    private static let plotRight = 936.0
    private static let paper = PlotColor(0xFFFFFF)
    private static let ink = PlotColor(0x1F2933)
    private static let faintInk = PlotColor(0x52606D)
    private static let frame = PlotColor(0x9AA5B1)
    private static let majorGrid = PlotColor(0xD3DAE1)
    private static let minorGrid = PlotColor(0xEDF0F3)
    /// Told apart also by readers who do not see red or green.
    private static let colors = [
        0x0B62B5, 0xD9650B, 0x1B8A5A, 0xB0337F, 0x6C54C6, 0x9A7400, 0x1292A8, 0xC3332B,
    ].map { PlotColor($0) }

    /// Phase and group delay of what is this far below the loudest point are rounding, and left out.
    private static let faint = 80.0

    private struct Panel {
        let name: String
        let area: PlotRect
        let axis: PlotAxis
        let lines: (FrequencyResponse) -> [[ResponseLines.Vertex]]
    }

    func drawn<Canvas: PlotCanvas>(on type: Canvas.Type) -> Data {
        var canvas = Canvas(width: Self.width, height: Self.height, background: Self.paper)
        let frequencies = PlotAxis.frequency(from: lowestFrequency, to: highestFrequency)
        drawHead(on: &canvas)
        let panels = panels(top: curves.count > 1 ? 104 : 80)
        for panel in panels {
            draw(panel, frequencies, isLast: panel.name == panels.last?.name, on: &canvas)
        }
        return canvas.encoded()
    }

    private func drawHead<Canvas: PlotCanvas>(on canvas: inout Canvas) {
        let left = Self.plotLeft
        canvas.text(
            title, at: PlotPoint(x: left, y: 36), PlotTextStyle(size: 19, color: Self.ink, isBold: true)
        )
        canvas.text(subtitle, at: PlotPoint(x: left, y: 60), PlotTextStyle(size: 13, color: Self.faintInk))
        guard curves.count > 1 else { return }

        let labels = curves.map { StrokeFont.outline($0.label, size: 12).width }
        let room = Self.plotRight - left
        let shown = legendCount(labels, room: room)
        var x = left
        for index in 0..<shown {
            canvas.stroke(
                [PlotPoint(x: x, y: 82), PlotPoint(x: x + 20, y: 82)], color(index), width: 2.4, clip: nil
            )
            canvas.text(
                curves[index].label, at: PlotPoint(x: x + 27, y: 86), PlotTextStyle(size: 12, color: Self.ink)
            )
            x += 27 + labels[index] + 22
        }
        if shown < curves.count {
            canvas.text(
                "+ \(curves.count - shown)", at: PlotPoint(x: x, y: 86), PlotTextStyle(size: 12, color: Self.faintInk)
            )
        }
    }

    private func legendCount(_ labels: [Double], room: Double) -> Int {
        var used = 0.0
        for (index, width) in labels.enumerated() {
            used += 27 + width + 22
            if used > room - 30 { return index }
        }
        return labels.count
    }

    private func color(_ index: Int) -> PlotColor {
        Self.colors[index % Self.colors.count]
    }

    private func panels(top: Double) -> [Panel] {
        let gap = 22.0
        let room = Double(Self.height) - 62 - top - 2 * gap
        let heights = [0.44, 0.28, 0.28].map { $0 * room }
        func area(_ index: Int) -> PlotRect {
            PlotRect(
                x: Self.plotLeft,
                y: top + heights[..<index].reduce(0, +) + gap * Double(index),
                width: Self.plotRight - Self.plotLeft,
                height: heights[index]
            )
        }
        return [
            Panel(name: "Magnitude / dB", area: area(0), axis: magnitudeAxis) {
                ResponseLines.plain($0.points, \.magnitudeDb)
            },
            Panel(name: "Phase / °", area: area(1), axis: phaseAxis) { [hasContinuousPhase, steepest] response in
                let lines = ResponseLines.plain(Self.audible(response.unwrapped()), \.phaseDeg)
                return hasContinuousPhase ? lines : ResponseLines.folded(lines, steepest: steepest)
            },
            Panel(name: "Group delay / ms", area: area(2), axis: delayAxis) {
                ResponseLines.plain(Self.audible($0), \.groupDelayMs)
            },
        ]
    }

    /// A whole turn in five units of width, the closest that can be told apart.
    private var steepest: Double {
        360 * (Self.plotRight - Self.plotLeft) / 5 / log(highestFrequency / lowestFrequency)
    }

    private static func audible(_ response: FrequencyResponse) -> [FrequencyResponse.Point] {
        let top = response.points.compactMap(\.magnitudeDb).max() ?? 0
        return response.points.filter { ($0.magnitudeDb ?? -.infinity) > top - faint }
    }

    /// From the loudest point at most 60 dB down: below that a plot shows more noise than filter.
    private var magnitudeAxis: PlotAxis {
        let values = curves.flatMap(\.response.points).compactMap(\.magnitudeDb)
        let top = values.max() ?? 0
        let bottom = max(values.min() ?? 0, top - 60)
        let margin = (top - bottom) * 0.03
        return .linear(holding: bottom - margin...top + margin, minimumSpan: 6, steps: [1, 2, 3, 6, 10, 20], count: 9)
    }

    private var phaseAxis: PlotAxis {
        guard hasContinuousPhase else {
            return .linear(holding: -180...180, minimumSpan: 360, steps: [90], count: 4)
        }
        let values = curves.flatMap { Self.audible($0.response) }.compactMap(\.phaseDeg)
        let turns: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]
        let steps: [Double] = [45, 90, 180] + turns.map { 360 * $0 }
        return .linear(
            holding: (values.min() ?? 0)...(values.max() ?? 0), minimumSpan: 180, steps: steps, count: 6
        )
    }

    /// Group delay means little where the level is far down, so such points do not stretch the axis.
    private var delayAxis: PlotAxis {
        let values = curves.flatMap { (curve: Curve) -> [Double] in
            let points = curve.response.points
            let top = points.compactMap(\.magnitudeDb).max() ?? 0
            return points.filter { ($0.magnitudeDb ?? -.infinity) > top - 50 }.compactMap(\.groupDelayMs)
        }
        return .linear(
            holding: (values.min() ?? 0)...(values.max() ?? 0), minimumSpan: 1, steps: PlotAxis.decimalSteps, count: 5
        )
    }

    private func draw<Canvas: PlotCanvas>(
        _ panel: Panel,
        _ frequencies: PlotAxis,
        isLast: Bool,
        on canvas: inout Canvas
    ) {
        let area = panel.area
        let label = PlotTextStyle(size: 12, color: Self.faintInk)
        for tick in frequencies.ticks {
            let x = area.x + frequencies.position(of: tick.value) * area.width
            let color = tick.label.isEmpty ? Self.minorGrid : Self.majorGrid
            canvas.fill(PlotRect(x: x - 0.5, y: area.y, width: 1, height: area.height), color)
            if isLast, !tick.label.isEmpty {
                var style = label
                style.anchor = .middle
                canvas.text(tick.label, at: PlotPoint(x: x, y: area.bottom + 19), style)
            }
        }
        for tick in panel.axis.ticks {
            let y = area.bottom - panel.axis.position(of: tick.value) * area.height
            canvas.fill(PlotRect(x: area.x, y: y - 0.5, width: area.width, height: 1), Self.majorGrid)
            var style = label
            style.anchor = .end
            canvas.text(tick.label, at: PlotPoint(x: area.x - 9, y: y + 4), style)
        }
        drawCurves(panel, frequencies, on: &canvas)
        drawFrame(area, on: &canvas)

        let name = PlotTextStyle(size: 13, color: Self.ink, anchor: .middle, isTurned: true)
        canvas.text(panel.name, at: PlotPoint(x: 24, y: area.y + area.height / 2), name)
        if isLast {
            let style = PlotTextStyle(size: 13, color: Self.ink, anchor: .middle)
            canvas.text("Frequency / Hz", at: PlotPoint(x: area.x + area.width / 2, y: area.bottom + 44), style)
        }
    }

    private func drawFrame<Canvas: PlotCanvas>(_ area: PlotRect, on canvas: inout Canvas) {
        for y in [area.y, area.bottom] {
            canvas.fill(PlotRect(x: area.x - 0.5, y: y - 0.5, width: area.width + 1, height: 1), Self.frame)
        }
        for x in [area.x, area.right] {
            canvas.fill(PlotRect(x: x - 0.5, y: area.y - 0.5, width: 1, height: area.height + 1), Self.frame)
        }
    }

    private func drawCurves<Canvas: PlotCanvas>(_ panel: Panel, _ frequencies: PlotAxis, on canvas: inout Canvas) {
        let area = panel.area
        for (index, curve) in curves.enumerated() {
            for line in panel.lines(curve.response) {
                let path = line.map { vertex in
                    // Far outside the panel a line is only cut off, so it need not be drawn to its true end.
                    let height = min(max(panel.axis.position(of: vertex.value), -10), 11)
                    return PlotPoint(
                        x: area.x + frequencies.position(of: vertex.frequency) * area.width,
                        y: area.bottom - height * area.height
                    )
                }
                canvas.stroke(path, color(index), width: 2, clip: area)
            }
        }
    }
}
