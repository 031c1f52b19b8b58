import CSndFile
import Foundation

/// Writes an audio file from interleaved float samples.
///
/// The samples go to a hidden file beside the target, which takes the target's name in ``close()``: nobody meets half a
/// file, and a writer that is dropped without `close()` leaves the target as it was. Float formats keep every bit.
/// Integer formats are rounded to the nearest step, limited to full scale, and dithered unless told otherwise.
/// Not thread-safe: one writer belongs to one thread at a time.
public final class AudioFileWriter {
    public let path: String
    public let channels: Int
    public let sampleRate: Int
    public let format: AudioFileFormat
    /// Samples of an integer format that were beyond full scale, or not a number.
    public private(set) var clippedSamples = 0
    public private(set) var framesWritten = 0

    /// What the start of a node sweeps away, as `AtomicFile` names it, of which this target knows nothing.
    private static let temporarySuffix = ".soundpost-tmp"

    private let partialPath: String
    private var file: OpaquePointer?
    private var dither: TriangularDither?
    private var quantised: [Int32] = []

    /// Creates the file.
    ///
    /// - Parameters:
    ///   - path: where the file shall be once it is closed; an existing file is replaced then.
    ///   - channels: samples of a frame.
    ///   - sampleRate: in Hz.
    ///   - format: container and encoding; `nil` takes what the path's extension asks for.
    ///   - dither: adds triangular noise of ±1 step to integer formats. Switch it off for bit-exact copies.
    /// - Throws: ``EngineError`` `badArgument` for an impossible format, `fileUnwritable` with libsndfile's reason.
    public init(
        path: String,
        channels: Int,
        sampleRate: Int,
        format: AudioFileFormat? = nil,
        dither: Bool = true
    ) throws {
        let format = try format ?? AudioFileFormat(path: path)
        var info = SF_INFO()
        info.channels = Int32(clamping: channels)
        info.samplerate = Int32(clamping: sampleRate)
        info.format = format.sndfileFormat
        guard sf_format_check(&info) != 0 else {
            throw EngineError(
                .badArgument,
                "\(path): \(format.container.rawValue) cannot hold \(channels) channels of \(format.encoding.rawValue) "
                    + "at \(sampleRate) Hz"
            )
        }
        partialPath = Self.partialPath(beside: path)
        guard let file = sf_open(partialPath, Int32(SFM_WRITE), &info) else {
            throw EngineError(.fileUnwritable, "cannot write \(path): \(String(cString: sf_strerror(nil)))")
        }
        // The PEAK chunk carries the time of day, and equal renders shall be equal files.
        sf_command(file, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
        self.file = file
        self.path = path
        self.channels = channels
        self.sampleRate = sampleRate
        self.format = format
        self.dither = dither && format.encoding.integerBits != nil ? TriangularDither() : nil
    }

    deinit {
        guard let file else { return }
        sf_close(file)
        unlink(partialPath)
    }

    /// Appends frames.
    ///
    /// - Throws: ``EngineError`` `fileUnwritable` (disk full, the container's size limit, closed already).
    public func write(_ samples: UnsafePointer<Float>, frames: Int) throws {
        guard let file else { throw EngineError(.fileUnwritable, "\(path) is closed") }
        if let limit = format.byteLimit {
            let bytesPerSample = (format.encoding.integerBits ?? 32) / 8
            guard (framesWritten + frames) * channels * bytesPerSample <= limit else {
                throw EngineError(
                    .fileUnwritable,
                    "\(path): \(format.container.rawValue) ends at 4 GB; .w64, .rf64 and .caf hold more"
                )
            }
        }
        let written: Int
        if let bits = format.encoding.integerBits {
            quantise(UnsafeBufferPointer(start: samples, count: frames * channels), bits: bits)
            written = Int(sf_writef_int(file, quantised, sf_count_t(frames)))
        } else {
            written = Int(sf_writef_float(file, samples, sf_count_t(frames)))
        }
        framesWritten += written
        guard written == frames else {
            throw EngineError(.fileUnwritable, "cannot write on in \(path): \(String(cString: sf_strerror(file)))")
        }
    }

    /// Completes the file and puts it in its place, on disk when this returns.
    ///
    /// - Throws: ``EngineError`` `fileUnwritable`; the target is then as it was.
    public func close() throws {
        guard let file else { return }
        self.file = nil
        sf_write_sync(file)
        let status = sf_close(file)
        guard status == 0 else {
            unlink(partialPath)
            throw EngineError(.fileUnwritable, "cannot finish \(path): \(String(cString: sf_error_number(status)))")
        }
        guard rename(partialPath, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(partialPath)
            throw EngineError(.fileUnwritable, "cannot put \(path) in its place: \(reason)")
        }
        try syncDirectory()
    }

    private func syncDirectory() throws {
        let parent = (path as NSString).deletingLastPathComponent
        let directory = open(parent.isEmpty ? "." : parent, O_RDONLY)
        guard directory >= 0 else {
            throw EngineError(
                .fileUnwritable, "cannot open the directory of \(path): \(String(cString: strerror(errno)))")
        }
        defer { _ = Foundation.close(directory) }
        guard fsync(directory) == 0 else {
            throw EngineError(
                .fileUnwritable, "cannot sync the directory of \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func partialPath(beside path: String) -> String {
        let path = path as NSString
        let name = ".\(path.lastPathComponent).\(UUID().uuidString)\(temporarySuffix)"
        return (path.deletingLastPathComponent as NSString).appendingPathComponent(name)
    }

    /// libsndfile takes the upper bits of an Int32, so a step of the format is 2^(32 − bits).
    private func quantise(_ samples: UnsafeBufferPointer<Float>, bits: Int) {
        if quantised.count < samples.count {
            quantised = [Int32](repeating: 0, count: samples.count)
        }
        let full = Double(1 << (bits - 1))
        let shift = 32 - bits
        for (index, sample) in samples.enumerated() {
            let clean = sample.isNaN ? 0 : Double(sample)
            let steps = (clean * full + (dither?.next() ?? 0)).rounded()
            let limited = min(max(steps, -full), full - 1)
            if sample.isNaN || abs(clean) > 1 { clippedSamples += 1 }
            quantised[index] = Int32(limited) << shift
        }
    }
}
