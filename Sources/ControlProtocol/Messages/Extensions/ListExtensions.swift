/// Asks for ``ExtensionList``.
public struct ListExtensions: ControlRequest {
    public static let type = "list_extensions"
    public typealias Response = ExtensionList

    public init() {}
}
