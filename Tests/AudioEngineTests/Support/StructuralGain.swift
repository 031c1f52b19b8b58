import CDynamicChain
import DynamicChain

/// The gain module under another name, with a `smoothTime` that can be set before building only.
///
/// `@unchecked Sendable`: filled in `init`, read afterwards.
final class StructuralGain: @unchecked Sendable {
    static let moduleType = "structural_gain_v1"

    let registry: ModuleRegistry
    private let table: UnsafeMutablePointer<ModuleFuncTable>
    private let parameters: UnsafeMutableBufferPointer<DynChainParamSchema>
    private let name: UnsafeMutablePointer<CChar>
    private let instanceName: UnsafeMutablePointer<CChar>

    init() throws {
        let builtIn = ModuleRegistry()
        var copy = DynChain_RegistryFind(builtIn.pointer, 0x1667_3001)!.pointee
        parameters = .allocate(capacity: Int(copy.numParams))
        _ = parameters.initialize(from: UnsafeBufferPointer(start: copy.params, count: Int(copy.numParams)))
        for index in parameters.indices where String(cString: parameters[index].name) == "smoothTime" {
            parameters[index].flags |= UInt8(DYNCHAIN_PARAM_STRUCTURAL)
        }
        name = Self.cString(Self.moduleType)
        instanceName = Self.cString("sgain")
        copy.typeNumId = 0x1667_9001
        copy.typeName = UnsafePointer(name)
        copy.instanceName = UnsafePointer(instanceName)
        copy.params = UnsafePointer(parameters.baseAddress)
        table = .allocate(capacity: 1)
        table.initialize(to: copy)
        registry = try ModuleRegistry(adding: [UnsafePointer(table)])
    }

    deinit {
        table.deallocate()
        parameters.deallocate()
        name.deallocate()
        instanceName.deallocate()
    }

    private static func cString(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        bytes.withUnsafeBufferPointer { memory.initialize(from: $0.baseAddress!, count: bytes.count) }
        return memory
    }
}
