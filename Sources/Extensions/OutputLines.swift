#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Logging

/// What a process prints, line by line in the log. A flood is cut: the process is never made to wait, nor the log flooded.
struct OutputLines {
    private static let longestLine = 4096
    private static let linesPerSecond = 50
    private static let burst = 200

    private let logger: Logger
    private let level: Logger.Level
    private var line: [UInt8] = []
    private var isCut = false
    private var allowance = burst
    private var filled = ContinuousClock.now
    private var skipped = 0

    init(logger: Logger, level: Logger.Level) {
        self.logger = logger
        self.level = level
    }

    /// Reads until the other end is closed. Closes the descriptor.
    mutating func read(from descriptor: Int32) {
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = systemRead(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in chunk[..<count] {
                if byte == UInt8(ascii: "\n") {
                    end()
                } else if line.count < Self.longestLine {
                    line.append(byte)
                } else {
                    isCut = true
                }
            }
        }
        if !line.isEmpty { end() }
        tellSkipped()
    }

    private mutating func end() {
        defer {
            line.removeAll(keepingCapacity: true)
            isCut = false
        }
        let now = ContinuousClock.now
        let new = Int((now - filled) / .milliseconds(1000 / Self.linesPerSecond))
        if new > 0 {
            allowance = min(allowance + new, Self.burst)
            filled = now
        }
        guard allowance > 0 else {
            skipped += 1
            return
        }
        allowance -= 1
        tellSkipped()
        // No control characters: a terminal would obey them.
        let text = String(decoding: line, as: UTF8.self).unicodeScalars.filter {
            $0.value >= 0x20 && $0.value != 0x7F || $0 == "\t"
        }
        logger.log(level: level, "\(String(String.UnicodeScalarView(text)))\(isCut ? " …" : "")")
    }

    private mutating func tellSkipped() {
        guard skipped > 0 else { return }
        logger.warning("\(skipped) lines of output came too fast and are left out")
        skipped = 0
    }
}

/// By its own name it would be the method.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
