import Foundation

/// What the operating system says of this process. What it does not say is nil.
struct ProcessFigures: Sendable {
    /// Processor time in user and system mode, seconds.
    var cpuSeconds: Double
    /// Resident memory, bytes.
    var residentBytes: Double?
    var openFiles: Int?

    /// Looks now.
    static func now() -> ProcessFigures {
        ProcessFigures(
            // POSIX: CLOCKS_PER_SEC is a million everywhere.
            cpuSeconds: Double(clock()) / 1_000_000,
            residentBytes: residentBytes(),
            openFiles: openFiles()
        )
    }

    /// The second field of statm: resident pages.
    private static func residentBytes() -> Double? {
        guard let text = FileManager.default.contents(atPath: "/proc/self/statm"),
            let pages = Double(String(decoding: text, as: UTF8.self).split(separator: " ").dropFirst().first ?? "")
        else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Descriptors that are open, the one for looking not counted.
    private static func openFiles() -> Int? {
        #if canImport(Darwin)
            let directory = "/dev/fd"
        #else
            let directory = "/proc/self/fd"
        #endif
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var count = 0
        while let entry = readdir(stream) {
            // "." and ".." begin with a point, descriptors with a digit.
            if entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return count - 1
    }
}
