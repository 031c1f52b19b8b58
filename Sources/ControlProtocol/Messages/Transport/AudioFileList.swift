/// The audio files that the node can play: those it keeps, and the one it was started with. Sent to every client when
/// one came or went.
public struct AudioFileList: ControlEvent {
    public static let type = "audio_file_list"

    /// One file that can be read.
    public struct File: Hashable, Sendable, Codable {
        /// What `sim_start` takes as `path`.
        public var name: String
        /// 0 when the file does not say it.
        public var durationMs: Double
        /// Hz.
        public var sampleRate: Int
        public var channels: Int
        public var bytes: Int
        /// The node keeps it and can delete it.
        public var kept: Bool

        public init(name: String, durationMs: Double, sampleRate: Int, channels: Int, bytes: Int, kept: Bool) {
            self.name = name
            self.durationMs = durationMs
            self.sampleRate = sampleRate
            self.channels = channels
            self.bytes = bytes
            self.kept = kept
        }
    }

    /// By name.
    public var files: [File]

    public init(files: [File]) {
        self.files = files
    }
}
