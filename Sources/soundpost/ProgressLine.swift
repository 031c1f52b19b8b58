import Foundation

/// A percentage on one line of a terminal's standard error, and nothing at all where no terminal is.
struct ProgressLine {
    private let label: String
    private let isShown: Bool
    private var last = -1

    init(_ label: String) {
        self.label = label
        isShown = Terminal.errorIsTerminal
    }

    /// Writes only when the whole percentage changes.
    mutating func show(_ done: Int, of total: Int) {
        guard isShown, total > 0 else { return }
        let percent = min(100 * done / total, 100)
        guard percent != last else { return }
        last = percent
        FileHandle.standardError.write(Data("\r\(label) \(percent) %\u{1B}[K".utf8))
    }

    /// Removes the line.
    func clear() {
        guard isShown, last >= 0 else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
