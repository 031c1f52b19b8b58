/// A parameter element by numbers, as the C library and devices address it.
public struct ParameterAddress: Sendable, Hashable {
    /// Position among the modules of the flattened chain.
    public var module: Int
    public var paramTypeId: UInt16
    /// d0, (d0 << 8) | d1 with two dimensions, 0 with none.
    public var index: UInt16

    public init(module: Int, paramTypeId: UInt16, index: UInt16) {
        self.module = module
        self.paramTypeId = paramTypeId
        self.index = index
    }

    /// Packs indices that were checked: one below 65536, or two below 256.
    static func pack(_ indices: [Int]) -> UInt16 {
        indices.reduce(0) { $0 << 8 | UInt16(truncatingIfNeeded: $1) }
    }
}
