import Foundation

/// Writes a plot as SVG 1.1 with the viewer's own sans-serif font.
struct SVGCanvas: PlotCanvas {
    private let width: Int
    private let height: Int
    private var body = ""
    private var clips: [String] = []

    init(width: Int, height: Int, background: PlotColor) {
        self.width = width
        self.height = height
        fill(PlotRect(x: 0, y: 0, width: Double(width), height: Double(height)), background)
    }

    mutating func fill(_ rect: PlotRect, _ color: PlotColor) {
        body += "<rect \(attributes(rect)) fill=\"\(hex(color))\"/>\n"
    }

    mutating func stroke(_ points: [PlotPoint], _ color: PlotColor, width: Double, clip: PlotRect?) {
        guard points.count > 1 else { return }
        let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        let clipping = clip.map { " clip-path=\"url(#\(clipName($0)))\"" } ?? ""
        body +=
            "<polyline fill=\"none\" stroke=\"\(hex(color))\" stroke-width=\"\(number(width))\" "
            + "stroke-linejoin=\"round\" stroke-linecap=\"round\"\(clipping) points=\"\(path)\"/>\n"
    }

    mutating func text(_ string: String, at position: PlotPoint, _ style: PlotTextStyle) {
        let anchor =
            switch style.anchor {
            case .start: "start"
            case .middle: "middle"
            case .end: "end"
            }
        let x = number(position.x)
        let y = number(position.y)
        let turn = style.isTurned ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
        let weight = style.isBold ? " font-weight=\"600\"" : ""
        body +=
            "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(style.size))\" text-anchor=\"\(anchor)\" "
            + "fill=\"\(hex(style.color))\"\(weight)\(turn)>\(escaped(string))</text>\n"
    }

    func encoded() -> Data {
        let head =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
            + "viewBox=\"0 0 \(width) \(height)\" font-family=\"Helvetica Neue, Helvetica, Arial, sans-serif\">\n"
        let definitions = clips.isEmpty ? "" : "<defs>\n" + clips.joined() + "</defs>\n"
        return Data((head + definitions + body + "</svg>\n").utf8)
    }

    private mutating func clipName(_ rect: PlotRect) -> String {
        let shape = "<rect \(attributes(rect))/>"
        if let index = clips.firstIndex(where: { $0.contains(shape) }) { return "clip\(index)" }
        clips.append("<clipPath id=\"clip\(clips.count)\">\(shape)</clipPath>\n")
        return "clip\(clips.count - 1)"
    }

    private func attributes(_ rect: PlotRect) -> String {
        "x=\"\(number(rect.x))\" y=\"\(number(rect.y))\" "
            + "width=\"\(number(rect.width))\" height=\"\(number(rect.height))\""
    }

    /// Two decimals are a hundredth of a pixel; whole numbers go without.
    private func number(_ value: Double) -> String {
        let hundredths = (value * 100).rounded()
        guard hundredths.truncatingRemainder(dividingBy: 100) != 0 else { return String(Int(hundredths) / 100) }
        return String(hundredths / 100)
    }

    private func hex(_ color: PlotColor) -> String {
        "#"
            + [color.red, color.green, color.blue]
            .map { String(UInt32($0) + 0x100, radix: 16).dropFirst() }
            .joined()
    }

    /// Markup and characters that XML 1.0 does not allow are replaced.
    private func escaped(_ string: String) -> String {
        var result = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
