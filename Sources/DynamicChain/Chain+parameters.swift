import CDynamicChain

extension Chain {
    /// Sets one element of a parameter.
    ///
    /// Before the module's first frame the value applies at once, later the module smooths it.
    ///
    /// - Parameters:
    ///   - module: Position in the link frame.
    ///   - parameter: Numeric parameter id.
    ///   - index: d0, or (d0 << 8) | d1 with two dimensions, 0 with none.
    ///   - value: f32, i32 or u8 in memory order, as the parameter's type asks.
    /// - Throws: `.unknown` module or parameter; `.argument` index, size or value.
    public func setParameter(module: Int, parameter: UInt16, index: UInt16, value: [UInt8]) throws(DynChainError) {
        let result = DynChain_SetParamIndexed(
            pointer,
            Self.number(module),
            parameter,
            index,
            value,
            UInt32(value.count)
        )
        try DynChainError.check(result, "SetParam", "module \(module), parameter \(parameter), index \(index)")
    }

    /// Sets an element of a float parameter.
    public func setParameter(module: Int, parameter: UInt16, index: UInt16, value: Float) throws(DynChainError) {
        try setParameter(module: module, parameter: parameter, index: index, value: Self.bytes(of: value))
    }

    /// Sets an element of an integer or enumeration parameter.
    public func setParameter(module: Int, parameter: UInt16, index: UInt16, value: Int32) throws(DynChainError) {
        try setParameter(module: module, parameter: parameter, index: index, value: Self.bytes(of: value))
    }

    /// Sets an element of a boolean parameter.
    public func setParameter(module: Int, parameter: UInt16, index: UInt16, value: Bool) throws(DynChainError) {
        try setParameter(module: module, parameter: parameter, index: index, value: [value ? 1 : 0])
    }

    /// The value last set, or the default, in memory order.
    ///
    /// - Parameter size: Bytes of the parameter's type: 4, or 1 for booleans and bytes.
    public func parameter(
        module: Int,
        parameter: UInt16,
        index: UInt16,
        size: Int
    ) throws(DynChainError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        let result = DynChain_GetParamIndexed(
            pointer,
            Self.number(module),
            parameter,
            index,
            &bytes,
            UInt32(size)
        )
        try DynChainError.check(result, "GetParam", "module \(module), parameter \(parameter), index \(index)")
        return bytes
    }

    /// Sets the effective `enable` of a module, with a fade once it is running.
    public func setEnabled(module: Int, _ enabled: Bool) throws(DynChainError) {
        try DynChainError.check(
            DynChain_SetEnable(pointer, Self.number(module), enabled ? 1 : 0),
            "SetEnable",
            "module \(module)"
        )
    }

    private static func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }
}
