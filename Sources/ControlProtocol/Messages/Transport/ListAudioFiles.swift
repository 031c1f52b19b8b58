/// Asks for the audio files that the node keeps and can play.
public struct ListAudioFiles: ControlRequest {
    public static let type = "list_audio_files"
    public typealias Response = AudioFileList

    public init() {}
}
