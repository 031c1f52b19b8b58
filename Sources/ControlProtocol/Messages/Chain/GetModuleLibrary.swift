/// Asks for all module types that a chain may use.
public struct GetModuleLibrary: ControlRequest {
    public static let type = "get_module_library"
    public typealias Response = ModuleLibraryMessage

    public init() {}
}
