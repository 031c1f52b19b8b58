import Foundation

/// Draws a plot into 8-bit RGB pixels with anti-aliased lines and a built-in stroke font, and writes it as PNG.
struct RasterCanvas: PlotCanvas {
    /// Pixels per plot unit, so that lines and letters stay clear on dense screens and in print.
    private static let scale = 1.5

    private let width: Int
    private let height: Int
    private var pixels: [UInt8]

    init(width: Int, height: Int, background: PlotColor) {
        self.width = Int((Double(width) * Self.scale).rounded())
        self.height = Int((Double(height) * Self.scale).rounded())
        let row = Array(repeating: [background.red, background.green, background.blue], count: self.width).flatMap(
            \.self)
        pixels = Array(repeating: row, count: self.height).flatMap(\.self)
    }

    mutating func fill(_ rect: PlotRect, _ color: PlotColor) {
        let area = pixelArea(rect)
        for y in area.rows {
            for x in area.columns { blend(color, coverage: 1, x: x, y: y) }
        }
    }

    mutating func stroke(_ points: [PlotPoint], _ color: PlotColor, width: Double, clip: PlotRect?) {
        let bounds = clip.map(pixelArea) ?? PixelArea(columns: 0..<self.width, rows: 0..<height)
        let path = points.map { PlotPoint(x: $0.x * Self.scale, y: $0.y * Self.scale) }
        paint([path], color, radius: max(width * Self.scale / 2, 0.5), within: bounds)
    }

    mutating func text(_ string: String, at position: PlotPoint, _ style: PlotTextStyle) {
        let size = style.size * Self.scale
        let outline = StrokeFont.outline(string, size: size)
        let shift =
            switch style.anchor {
            case .start: 0.0
            case .middle: -outline.width / 2
            case .end: -outline.width
            }
        let origin = PlotPoint(x: position.x * Self.scale, y: position.y * Self.scale)
        let paths = outline.strokes.map { stroke in
            stroke.map { point in
                style.isTurned
                    ? PlotPoint(x: origin.x - point.y, y: origin.y - point.x - shift)
                    : PlotPoint(x: origin.x + point.x + shift, y: origin.y - point.y)
            }
        }
        let radius = size * (style.isBold ? 0.062 : 0.044)
        paint(paths, style.color, radius: radius, within: PixelArea(columns: 0..<width, rows: 0..<height))
    }

    func encoded() -> Data {
        PNGEncoder.encode(width: width, height: height, pixels: pixels)
    }

    private struct PixelArea {
        var columns: Range<Int>
        var rows: Range<Int>

        func clamped(to other: PixelArea) -> PixelArea {
            PixelArea(columns: columns.clamped(to: other.columns), rows: rows.clamped(to: other.rows))
        }
    }

    private func pixelArea(_ rect: PlotRect) -> PixelArea {
        func span(_ from: Double, _ to: Double, _ limit: Int) -> Range<Int> {
            let low = (from * Self.scale).rounded()
            // Rules of one unit are all one pixel wide, wherever they fall on the pixel grid.
            let length = max(((to - from) * Self.scale + 1e-9).rounded(.down), 1)
            return (Int(low)..<Int(low + length)).clamped(to: 0..<limit)
        }
        return PixelArea(columns: span(rect.x, rect.right, width), rows: span(rect.y, rect.bottom, height))
    }

    /// Collects the coverage of all segments first, the larger one where they overlap, so that joints do not show.
    private mutating func paint(_ paths: [[PlotPoint]], _ color: PlotColor, radius: Double, within bounds: PixelArea) {
        let all = paths.joined()
        guard let left = all.map(\.x).min(), let right = all.map(\.x).max(), let top = all.map(\.y).min(),
            let bottom = all.map(\.y).max()
        else { return }
        let box = area(left, right, top, bottom, margin: radius + 1).clamped(to: bounds)
        guard !box.columns.isEmpty, !box.rows.isEmpty else { return }

        var coverage = [Float](repeating: 0, count: box.columns.count * box.rows.count)
        for path in paths {
            for (from, to) in zip(path, path.dropFirst()) {
                cover(from, to, radius: radius, box: box, coverage: &coverage)
            }
        }
        var index = 0
        for y in box.rows {
            for x in box.columns {
                if coverage[index] > 0 { blend(color, coverage: Double(coverage[index]), x: x, y: y) }
                index += 1
            }
        }
    }

    private func cover(_ from: PlotPoint, _ to: PlotPoint, radius: Double, box: PixelArea, coverage: inout [Float]) {
        let dx = to.x - from.x
        let dy = to.y - from.y
        let length = dx * dx + dy * dy
        let near = area(
            min(from.x, to.x), max(from.x, to.x), min(from.y, to.y), max(from.y, to.y), margin: radius + 1
        ).clamped(to: box)
        for y in near.rows {
            for x in near.columns {
                let px = Double(x) + 0.5 - from.x
                let py = Double(y) + 0.5 - from.y
                let along = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
                let ex = px - along * dx
                let ey = py - along * dy
                let value = Float(min(max(radius + 0.5 - (ex * ex + ey * ey).squareRoot(), 0), 1))
                let index = (y - box.rows.lowerBound) * box.columns.count + x - box.columns.lowerBound
                if value > coverage[index] { coverage[index] = value }
            }
        }
    }

    private func area(_ left: Double, _ right: Double, _ top: Double, _ bottom: Double, margin: Double) -> PixelArea {
        func span(_ from: Double, _ to: Double) -> Range<Int> {
            let limit = 1e6
            let low = Int(min(max(from - margin, -limit), limit).rounded(.down))
            let high = Int(min(max(to + margin, -limit), limit).rounded(.up))
            return low..<high + 1
        }
        return PixelArea(columns: span(left, right), rows: span(top, bottom))
    }

    private mutating func blend(_ color: PlotColor, coverage: Double, x: Int, y: Int) {
        let index = 3 * (y * width + x)
        func mix(_ old: UInt8, _ new: UInt8) -> UInt8 {
            UInt8((Double(old) + (Double(new) - Double(old)) * coverage).rounded())
        }
        pixels[index] = mix(pixels[index], color.red)
        pixels[index + 1] = mix(pixels[index + 1], color.green)
        pixels[index + 2] = mix(pixels[index + 2], color.blue)
    }
}
