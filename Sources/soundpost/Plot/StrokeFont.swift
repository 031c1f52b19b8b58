/// A single-line font for pixels: printable ASCII and the few signs that plots need. Anything else shows as a box.
enum StrokeFont {
    /// A string laid out from the origin, y pointing up from the base line.
    struct Outline {
        var strokes: [[PlotPoint]]
        var width: Double
    }

    /// Glyph units per em: capitals are 14 units high, small letters 10.
    private static let unitsPerEm = 19.5
    private static let letterSpace = 3.4
    private static let missing = "M 0 0 L 0 14 L 8 14 L 8 0 L 0 0"

    /// - Parameter size: the em in the units wanted.
    static func outline(_ string: String, size: Double) -> Outline {
        let unit = size / unitsPerEm
        var strokes: [[PlotPoint]] = []
        var cursor = 0.0
        for character in string {
            guard character != " " else {
                cursor += 6
                continue
            }
            let glyph = strokesOfGlyph(glyphs[character] ?? missing)
            let width = glyph.joined().map(\.x).max() ?? 0
            strokes += glyph.map { stroke in stroke.map { PlotPoint(x: ($0.x + cursor) * unit, y: $0.y * unit) } }
            cursor += width + letterSpace
        }
        return Outline(strokes: strokes, width: max(cursor - letterSpace, 0) * unit)
    }

    /// Reads a path of `M x y`, `L x y` and cubic `C x1 y1 x2 y2 x y`.
    private static func strokesOfGlyph(_ path: String) -> [[PlotPoint]] {
        var strokes: [[PlotPoint]] = []
        var numbers: [Double] = []
        var command: Character = "M"

        func finish() {
            switch (command, numbers.count) {
            case ("M", 2): strokes.append([PlotPoint(x: numbers[0], y: numbers[1])])
            case ("L", 2): strokes[strokes.count - 1].append(PlotPoint(x: numbers[0], y: numbers[1]))
            case ("C", 6): strokes[strokes.count - 1] += curve(from: strokes[strokes.count - 1].last, numbers)
            default: break
            }
            numbers = []
        }
        for token in path.split(separator: " ") {
            if let number = Double(token) {
                numbers.append(number)
            } else {
                finish()
                command = token.first ?? "M"
            }
        }
        finish()
        return strokes
    }

    private static func curve(from start: PlotPoint?, _ n: [Double]) -> [PlotPoint] {
        guard let start else { return [] }
        let steps = 8
        return (1...steps).map { step in
            let t = Double(step) / Double(steps)
            let s = 1 - t
            let weights = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
            return PlotPoint(
                x: weights.0 * start.x + weights.1 * n[0] + weights.2 * n[2] + weights.3 * n[4],
                y: weights.0 * start.y + weights.1 * n[1] + weights.2 * n[3] + weights.3 * n[5]
            )
        }
    }
}
