#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif
internal import CSoundpostShims
internal import Synchronization

/// A descriptor that becomes readable: what Qt's, glib's and libuv's loops wait for.
///
/// Add `descriptor` to the loop for reading. When it fires, call `reset` first and then take messages with `tryReceive`
/// until there are none.
public final class DescriptorWaker: Waker {
    /// Becomes readable by `wake`. Only to wait for: `reset` reads it.
    public var descriptor: Int32 { reader.number }
    private let reader: Descriptor
    private let writer: Descriptor
    /// Whether a byte is in the pipe, so that wakes in a row write only one.
    private let isSet = Atomic(false)

    /// - Throws: `io` when the process has no descriptors left.
    public init() throws(ChannelError) {
        var ends: [Int32] = [-1, -1]
        let result = soundpost_pipe(&ends)
        guard result == 0 else {
            throw ChannelError(.io, channel: "waker", "no pipe: \(SystemError.text(-result))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        reader = Descriptor(ends[0])
        writer = Descriptor(ends[1])
    }

    public func wake() {
        guard !isSet.exchange(true, ordering: .acquiringAndReleasing) else { return }
        var byte: UInt8 = 1
        _ = write(writer.number, &byte, 1)
    }

    public func reset() {
        var bytes = [UInt8](repeating: 0, count: 16)
        while read(reader.number, &bytes, bytes.count) > 0 {}
        isSet.store(false, ordering: .sequentiallyConsistent)
    }
}
