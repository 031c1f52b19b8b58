/// Starts an extension anew, whatever it is doing; also one that was given up.
public struct RestartExtension: ControlRequest {
    public static let type = "restart_extension"
    public typealias Response = Acknowledgement

    /// Its id.
    public var `extension`: String

    public init(extension id: String) {
        self.extension = id
    }
}
