/// Numbers as text in the parameter store and in messages.
enum ParameterText {
    /// A decimal number; nil for anything else, among it the names of infinities and hexadecimal, which Swift would
    /// read.
    static func number(_ text: String) -> Double? {
        guard isDecimal(text), let value = Double(text), value.isFinite else { return nil }
        return value
    }

    static func float(_ text: String) -> Float? {
        guard isDecimal(text), let value = Float(text), value.isFinite else { return nil }
        return value
    }

    /// A number as people write it: without a needless fraction.
    static func shown(_ number: Double, asFloat: Bool = false) -> String {
        let text = asFloat ? Float(number).description : number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func isDecimal(_ text: String) -> Bool {
        let signs = "+-.eE".utf8
        return (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { ASCIIText.isDigit($0) || signs.contains($0) }
    }
}
