/// Something that an extension says by itself, sent to all clients.
public struct ExtensionEvent: ControlEvent {
    public static let type = "extension_event"

    public var `extension`: String
    public var event: String
    public var data: AnyJSON

    public init(extension id: String, event: String, data: AnyJSON) {
        self.extension = id
        self.event = event
        self.data = data
    }
}
