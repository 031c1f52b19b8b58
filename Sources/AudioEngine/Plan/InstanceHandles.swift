import ChainModel
import Synchronization

/// Gives every instance id a small number for the C host. Equal ids have equal numbers for as long as this object
/// lives, so that state follows an instance from plan to plan.
final class InstanceHandles: Sendable {
    /// What stands for the chain's own ends in measurements, and is no instance's number.
    static let chainInput: UInt32 = 0
    static let chainOutput: UInt32 = 1
    private static let first: UInt32 = 2

    private struct Table {
        var handles: [InstanceID: UInt32] = [:]
        var names: [InstanceID] = []
    }

    private let table = Mutex(Table())

    /// The instance's number; a new one when the id was not seen before.
    func handle(of instance: InstanceID) -> UInt32 {
        table.withLock { table in
            if let known = table.handles[instance] { return known }
            let handle = Self.first + UInt32(table.names.count)
            table.handles[instance] = handle
            table.names.append(instance)
            return handle
        }
    }

    /// The instance with that number, `nil` for a number that was never given.
    func instance(of handle: UInt32) -> InstanceID? {
        table.withLock { table in
            let index = Int(handle) - Int(Self.first)
            return table.names.indices.contains(index) ? table.names[index] : nil
        }
    }
}
