import ChainModel
import Synchronization

/// Gives every instance id a small number for the C host. Equal ids have equal numbers for as long as this object lives,
/// so that state follows an instance from plan to plan.
final class InstanceHandles: Sendable {
    private struct Table {
        var handles: [InstanceID: UInt32] = [:]
        var names: [InstanceID] = []
    }

    private let table = Mutex(Table())

    /// The instance's number; a new one when the id was not seen before.
    func handle(of instance: InstanceID) -> UInt32 {
        table.withLock { table in
            if let known = table.handles[instance] { return known }
            let handle = UInt32(table.names.count)
            table.handles[instance] = handle
            table.names.append(instance)
            return handle
        }
    }

    /// The instance with that number, `nil` for a number that was never given.
    func instance(of handle: UInt32) -> InstanceID? {
        table.withLock { table in
            table.names.indices.contains(Int(handle)) ? table.names[Int(handle)] : nil
        }
    }
}
