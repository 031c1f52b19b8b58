import CDynamicChain

/// A place from which samples leave the audio thread, into a ring that one other thread empties.
///
/// `@unchecked Sendable`: the audio thread writes the ring; `drain` is called under the engine's lock.
final class AudioTap: @unchecked Sendable {
    private static let chunkFrames = 1024

    let channels: Int
    private let pointer: OpaquePointer
    private let chunk: UnsafeMutableBufferPointer<Float>
    /// Frames handed over.
    private var taken: UInt64 = 0

    /// - Parameters:
    ///   - channels: at least 1.
    ///   - frames: what the ring holds, until somebody drains it.
    init(channels: Int, frames: Int, format: HostFormat) throws {
        let room = max(frames, 8 * format.frameSize)
        guard let pointer = DynTap_Create(UInt32(channels), UInt32(room), UInt32(format.frameSize)) else {
            throw EngineError(.badArgument, "no memory for a tap of \(channels) channels")
        }
        self.channels = channels
        self.pointer = pointer
        chunk = .allocate(capacity: Self.chunkFrames * channels)
        chunk.initialize(repeating: 0)
    }

    deinit {
        DynTap_Destroy(pointer)
        chunk.deallocate()
    }

    /// What the host is given.
    var target: UnsafePointer<DynHostTap> { DynTap_Tap(pointer) }

    /// Hands over the samples that wait, in pieces of at most 1024 frames.
    ///
    /// - Parameter body: is given interleaved samples, how many frames they are, and how many passed the tap before
    ///   them: those that found no room in the ring are missing, and counted.
    func drain(_ body: (UnsafeBufferPointer<Float>, _ frames: Int, _ position: UInt64) -> Void) {
        var waiting = Int(DynTap_Readable(pointer))
        while waiting > 0 {
            let frames = min(waiting, Self.chunkFrames)
            let position = taken + DynTap_Lost(pointer)
            guard DynTap_Read(pointer, chunk.baseAddress, UInt32(frames)) > 0 else { return }
            body(UnsafeBufferPointer(rebasing: chunk[..<(frames * channels)]), frames, position)
            taken += UInt64(frames)
            waiting -= frames
        }
    }
}
