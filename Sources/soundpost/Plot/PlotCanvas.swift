import Foundation

/// A position in plot units (CSS pixels of the SVG), y pointing down.
struct PlotPoint {
    var x: Double
    var y: Double
}

struct PlotRect {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
}

/// An opaque sRGB colour.
struct PlotColor: Hashable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    init(_ hex: UInt32) {
        red = UInt8(hex >> 16 & 0xFF)
        green = UInt8(hex >> 8 & 0xFF)
        blue = UInt8(hex & 0xFF)
    }
}

enum PlotAnchor {
    case start, middle, end
}

/// How a piece of text stands on the canvas.
struct PlotTextStyle {
    var size: Double
    var color: PlotColor
    var anchor: PlotAnchor = .start
    /// Reads from bottom to top.
    var isTurned = false
    var isBold = false
}

/// What a plot is drawn on: SVG text or pixels.
protocol PlotCanvas {
    init(width: Int, height: Int, background: PlotColor)
    mutating func fill(_ rect: PlotRect, _ color: PlotColor)
    /// A line with round joins and ends through `points`, cut off outside `clip`.
    mutating func stroke(_ points: [PlotPoint], _ color: PlotColor, width: Double, clip: PlotRect?)
    /// `position` is the anchor on the base line.
    mutating func text(_ string: String, at position: PlotPoint, _ style: PlotTextStyle)
    /// The finished file.
    func encoded() -> Data
}
