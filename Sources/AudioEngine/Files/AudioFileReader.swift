import CSndFile
import Foundation

/// Reads an audio file of any format libsndfile knows (WAV, FLAC, AIFF, CAF, Ogg, MP3, …) as interleaved float.
///
/// Integer formats map full scale to ±1. Not thread-safe: one reader belongs to one thread at a time.
public final class AudioFileReader {
    public let path: String
    public let channels: Int
    public let sampleRate: Int
    /// Frames by the file's header, which may be wrong: read until the end to be sure. 0 when it does not say, as with
    /// a stream that was stored as it came.
    public let frameCount: Int
    /// Any frame can be read next, which a pipe does not allow.
    public let isSeekable: Bool
    /// More frames than any file has, 23 years at 384 kHz: libsndfile's way of saying that it does not know.
    private static let mostFrames: sf_count_t = 1 << 48
    private let file: OpaquePointer

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: of any file, or a symbolic link or a pipe.
    ///   - plainFileOnly: refuses links as the last part of the path, pipes and devices, judged by what was opened: for
    ///     names that come from clients.
    /// - Throws: ``EngineError`` `fileUnreadable` with the path and the reason.
    public init(path: String, plainFileOnly: Bool = false) throws {
        var info = SF_INFO()
        let opened = try plainFileOnly ? Self.openPlainFile(path, &info) : sf_open(path, Int32(SFM_READ), &info)
        guard let file = opened else {
            throw EngineError(.fileUnreadable, "cannot read \(path): \(String(cString: sf_strerror(nil)))")
        }
        guard info.channels > 0, info.samplerate > 0 else {
            sf_close(file)
            throw EngineError(
                .fileUnreadable,
                "cannot read \(path): its header says \(info.channels) channels at \(info.samplerate) Hz"
            )
        }
        self.file = file
        self.path = path
        channels = Int(info.channels)
        sampleRate = Int(info.samplerate)
        frameCount = (0...Self.mostFrames).contains(info.frames) ? Int(info.frames) : 0
        isSeekable = info.seekable != 0
    }

    deinit {
        sf_close(file)
    }

    /// - Returns: nil for what libsndfile does not read.
    private static func openPlainFile(_ path: String, _ info: inout SF_INFO) throws -> OpaquePointer? {
        // Without O_NONBLOCK the opening of a pipe would wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw EngineError(.fileUnreadable, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw EngineError(.fileUnreadable, "cannot read \(path): it is no plain file")
        }
        return sf_open_fd(descriptor, Int32(SFM_READ), &info, Int32(SF_TRUE))
    }

    /// Reads the next frames.
    ///
    /// - Parameters:
    ///   - buffer: room for `frames` × `channels` samples.
    ///   - frames: how many are wanted.
    /// - Returns: how many came; fewer than wanted only at the end of the file.
    /// - Throws: ``EngineError`` `fileUnreadable` when the data is damaged.
    public func read(into buffer: UnsafeMutablePointer<Float>, frames: Int) throws -> Int {
        let count = Int(sf_readf_float(file, buffer, sf_count_t(frames)))
        if count < frames, sf_error(file) != 0 {
            throw EngineError(.fileUnreadable, "cannot read on in \(path): \(String(cString: sf_strerror(file)))")
        }
        return count
    }

    /// Continues at the first frame.
    ///
    /// - Throws: ``EngineError`` `fileUnreadable` when the file cannot seek, as a pipe.
    public func rewind() throws {
        try seek(to: 0)
    }

    /// Continues at a frame, counted from 0.
    ///
    /// - Throws: ``EngineError`` `fileUnreadable` when the file has no such frame or cannot seek.
    public func seek(to frame: Int) throws {
        guard sf_seek(file, sf_count_t(frame), SEEK_SET) == frame else {
            throw EngineError(
                .fileUnreadable, "cannot go to frame \(frame) of \(path): \(String(cString: sf_strerror(file)))")
        }
    }
}
