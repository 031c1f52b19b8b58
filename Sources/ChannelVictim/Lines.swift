#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Lines from and to the stepper.
final class Lines {
    private var kept: [UInt8] = []

    /// Waits for the next line; nil at the end of the input.
    func next() -> String? {
        while true {
            if let line = take() { return line }
            guard readMore() else { return nil }
        }
    }

    /// The next line if it is there.
    func nextIfThere() -> String? {
        if let line = take() { return line }
        var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 0) > 0, readMore() else { return nil }
        return take()
    }

    private func take() -> String? {
        guard let end = kept.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { kept.removeFirst(end + 1) }
        return String(decoding: kept[..<end], as: UTF8.self)
    }

    private func readMore() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        guard count > 0 else { return false }
        kept += chunk[..<count]
        return true
    }

    func say(_ line: String) {
        Self.write(line, STDOUT_FILENO)
    }

    static func complain(_ line: String) {
        write(line, STDERR_FILENO)
    }

    private static func write(_ line: String, _ descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        _ = systemWrite(descriptor, bytes, bytes.count)
    }

    /// Nanoseconds on the clock that the stepper reads too.
    static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// By its own name it would be the class's method.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
