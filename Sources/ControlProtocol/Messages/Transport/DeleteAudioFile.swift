/// Removes an audio file for good. The one that plays, or is being written, cannot be removed.
public struct DeleteAudioFile: ControlRequest {
    public static let type = "delete_audio_file"
    public typealias Response = Acknowledgement

    /// As in ``AudioFileList``.
    public var name: String

    public init(name: String) {
        self.name = name
    }
}
