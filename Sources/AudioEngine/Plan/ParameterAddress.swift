import CDynamicChain
import ChainModel

/// A value on its way to the C host: where, by number, and what, in the form of the parameter's type.
struct ParameterAddress: Sendable, Hashable {
    enum Payload: Sendable, Hashable {
        case f32(Float)
        case i32(Int32)
        case u8(UInt8)

        /// In memory order.
        var bytes: [UInt8] {
            switch self {
            case .f32(let value): withUnsafeBytes(of: value) { Array($0) }
            case .i32(let value): withUnsafeBytes(of: value) { Array($0) }
            case .u8(let value): [value]
            }
        }
    }

    let handle: UInt32
    let parameter: UInt16
    let index: UInt16
    let payload: Payload
    /// Can only be given to a chain that is not built yet.
    let isStructural: Bool

    /// As an event of the host.
    func event(position: UInt64) -> DynHostEvent {
        var event = DynHostEvent()
        event.position = position
        event.kind = UInt32(DYNHOST_PARAM.rawValue)
        event.handle = handle
        event.paramTypeId = parameter
        event.index = index
        switch payload {
        case .f32(let value):
            event.value.f32 = value
            event.valueSize = 4
        case .i32(let value):
            event.value.i32 = value
            event.valueSize = 4
        case .u8(let value):
            event.value.u8 = value
            event.valueSize = 1
        }
        if parameter == 0 { event.kind = UInt32(DYNHOST_ENABLE.rawValue) }
        return event
    }
}
