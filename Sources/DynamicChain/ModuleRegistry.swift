public import CDynamicChain

/// The module tables that chains are built from.
///
/// Owns the memory of one C registry. Chains refer to it, so it lives at least as long as they do; `Chain` keeps it.
///
/// `@unchecked Sendable`: the registry is filled in `init` and only read afterwards.
public final class ModuleRegistry: @unchecked Sendable {
    /// The C registry, for calls that take one. Read-only.
    public let pointer: OpaquePointer
    private let memory: UnsafeMutableRawPointer

    /// One registry with the built-in modules, for whoever adds none.
    public static let builtIn = ModuleRegistry()

    /// A registry with the built-in modules.
    public init() {
        memory = .allocate(byteCount: Int(DynChain_RegistrySize()), alignment: 64)
        pointer = OpaquePointer(memory)
        let result = DynChain_RegistryInit(pointer)
        precondition(result == DYNCHAIN_OK, "a built-in module table is malformed (code \(result))")
    }

    /// A registry with the built-in modules and more.
    ///
    /// - Parameter tables: Tables that outlive the registry: they are referenced, not copied.
    /// - Throws: `.argument` for a malformed table or one whose id or name is taken, `.memory` beyond 256 tables.
    public convenience init(adding tables: [UnsafePointer<ModuleFuncTable>]) throws(DynChainError) {
        self.init()
        for table in tables {
            try DynChainError.check(
                DynChain_RegisterModule(pointer, table),
                "RegisterModule",
                "module \(table.pointee.typeName.map { String(cString: $0) } ?? "without a name")"
            )
        }
    }

    deinit {
        memory.deallocate()
    }

    /// What the tables say of themselves, in the order they were registered.
    public var modules: [ModuleDescription] {
        (0..<DynChain_RegistryCount(pointer)).compactMap { index in
            DynChain_RegistryGet(pointer, index).map { ModuleDescription(table: $0.pointee) }
        }
    }
}
