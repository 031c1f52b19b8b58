#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import Logging

/// What a process prints, line by line in the log. A flood is cut: the process is never made to wait, nor the log
/// flooded.
struct OutputLines {
    private static let longestLine = 4096

    private let logger: Logger
    private let level: Logger.Level
    private var line: [UInt8] = []
    private var isCut = false
    private var limit = RateLimit(perSecond: 50, burst: 200)
    private var noticeLimit = RateLimit(perSecond: 1, burst: 1)

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
        guard limit.take() else { return }
        if limit.hasSkipped, noticeLimit.take() { tellSkipped() }
        // No control characters: a terminal would obey them.
        let text = String(decoding: line, as: UTF8.self).unicodeScalars.filter {
            $0.properties.generalCategory != .control || $0 == "\t"
        }
        logger.log(level: level, "\(String(String.UnicodeScalarView(text)))\(isCut ? " …" : "")")
    }

    private mutating func tellSkipped() {
        let skipped = limit.takeSkipped()
        if skipped > 0 { logger.warning("\(skipped) lines of output came too fast and are left out") }
    }
}

/// By its own name it would be the method.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, bytes, count)
}
