#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Cuts a stream of bytes into lines.
///
/// Grows for a long line, up to the limit, and shrinks again after it. Not safe for several threads.
struct LineBuffer: ~Copyable {
    /// More than a local socket holds, so that one call takes all of it. Pages that are never written to cost nothing.
    private static let usual = 256 << 10
    /// Room up to this stays for a while: long lines come in series, and fresh memory costs more than a long line's
    /// way.
    private static let kept = 4 << 20
    private static let patience = 64
    /// How often in a row the buffer was emptied without more in it than is usual.
    private var shortRounds = 0
    /// Longest line, without its end.
    private let limit: Int
    private var bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: usual, alignment: 16)
    /// What has not been taken.
    private var start = 0
    private var end = 0
    /// Up to here no line's end was found.
    private var searched = 0

    init(limit: Int) {
        self.limit = limit
    }

    deinit {
        bytes.deallocate()
    }

    /// Whether part of a line is there.
    var isInLine: Bool { end > start }

    /// The next whole line without its end; valid until the next call. Nil: more bytes are needed.
    mutating func nextLine() -> UnsafeRawBufferPointer? {
        guard end > searched, let base = bytes.baseAddress,
            let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
        else {
            searched = end
            return nil
        }
        let offset = UnsafeRawPointer(found) - UnsafeRawPointer(base)
        defer {
            start = offset + 1
            searched = start
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    }

    /// Whether the line that has begun is longer than the limit.
    var isTooLong: Bool { end - start > limit }

    /// Room for more bytes; call when `nextLine` has returned nil.
    mutating func room() -> UnsafeMutableRawBufferPointer {
        if start == end {
            shortRounds = end > Self.usual ? 0 : shortRounds + 1
            start = 0
            end = 0
            searched = 0
            if bytes.count > (shortRounds > Self.patience ? Self.usual : Self.kept) { resize(to: Self.usual) }
        } else if end == bytes.count {
            let count = end - start
            if start > 0, count <= bytes.count / 2 || bytes.count > limit {
                bytes.baseAddress.map { _ = memmove($0, $0 + start, count) }
                moved(by: start)
            } else {
                resize(to: min(bytes.count * 2, limit + Self.usual))
            }
        }
        return UnsafeMutableRawBufferPointer(rebasing: bytes[end...])
    }

    mutating func added(_ count: Int) {
        end += count
    }

    private mutating func moved(by distance: Int) {
        start -= distance
        end -= distance
        searched -= distance
    }

    private mutating func resize(to size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        bytes.deallocate()
        bytes = larger
        moved(by: start)
    }
}
