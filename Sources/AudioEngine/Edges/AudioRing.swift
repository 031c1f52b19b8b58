import CDynamicChain

/// Owns a ring of audio frames between one producing and one consuming thread.
///
/// `@unchecked Sendable`: the C ring is made for two threads; whoever holds this object keeps to one producer and one
/// consumer.
final class AudioRing: @unchecked Sendable {
    let channels: Int
    let frames: Int
    let pointer: OpaquePointer

    init(channels: Int, frames: Int) throws {
        guard let pointer = DynRing_Create(UInt32(channels), UInt32(frames)) else {
            throw EngineError(.badArgument, "no memory for a ring of \(frames) frames of \(channels) channels")
        }
        self.pointer = pointer
        self.channels = channels
        self.frames = frames
    }

    deinit {
        DynRing_Destroy(pointer)
    }

    var readable: Int { Int(DynRing_Readable(pointer)) }
    var writable: Int { Int(DynRing_Writable(pointer)) }
}
