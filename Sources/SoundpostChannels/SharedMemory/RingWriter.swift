internal import Synchronization

/// The writing end of a ring.
///
/// For one thread at a time. Memory is handed out to be filled in place (`loan`) and seen by the other end once it is
/// published.
public final class RingWriter {
    private let ring: Ring
    private let sleep: RingSleep
    /// Keeps the memory mapped.
    private let region: Region
    private var head: UInt64 = 0
    private var consumed: UInt64 = 0
    private var isLent = false
    private var fault: RingFault?

    init(_ ring: Ring, _ region: Region, _ sleep: RingSleep) {
        self.ring = ring
        self.region = region
        self.sleep = sleep
    }

    /// Longest record in bytes: half of the ring.
    public var largestRecord: Int { ring.largestRecord }

    /// Room for `length` bytes, aligned to 8.
    func reserve(_ length: Int, _ deadline: Deadline) throws(RingFault) -> UnsafeMutableRawBufferPointer {
        if let fault { throw fault }
        precondition(!isLent, "one loan at a time")
        guard length <= ring.largestRecord else { throw .tooLarge(limit: ring.largestRecord) }
        if sleep.isClosed.value { throw .closed }
        let needed = UInt64(RegionLayout.space(for: length))
        if try free() < needed {
            try waitForRoom(needed, deadline)
        }
        isLent = true
        return UnsafeMutableRawBufferPointer(start: ring.place(of: head) + RegionLayout.recordHeader, count: length)
    }

    /// Room by what was last seen of the reader.
    private func free() throws(RingFault) -> UInt64 {
        UInt64(ring.capacity) - (head - consumed)
    }

    private func waitForRoom(_ needed: UInt64, _ deadline: Deadline) throws(RingFault) {
        var broken: RingFault?
        let outcome = sleep.wait(on: ring.spaceWait, deadline) {
            do throws(RingFault) {
                try lookAtReader()
                return UInt64(ring.capacity) - (head - consumed) >= needed
            } catch {
                broken = error
                return true
            }
        }
        if let broken {
            fault = broken
            throw broken
        }
        switch outcome {
        case .ready: return
        case .timeout: throw .timeout
        case .closed: throw .closed
        case .gone: throw .ended
        }
    }

    /// Loads `consumed` once and checks it.
    private func lookAtReader() throws(RingFault) {
        let seen = ring.consumed.pointee.load(ordering: .acquiring)
        guard seen >= consumed, seen <= head, seen & 7 == 0 else {
            throw .broken("the reader's counter says \(seen) where \(consumed) to \(head) are possible")
        }
        consumed = seen
    }

    /// Makes what was reserved visible, or the first `length` bytes of it.
    func publish(_ length: Int, moreFollows: Bool = false) {
        precondition(isLent, "only what was lent can be published")
        isLent = false
        let place = ring.place(of: head)
        place.storeBytes(of: UInt32(length), as: UInt32.self)
        place.storeBytes(of: moreFollows ? RegionLayout.moreFollows : 0, toByteOffset: 4, as: UInt32.self)
        head += UInt64(RegionLayout.space(for: length))
        ring.published.pointee.store(head, ordering: .releasing)
        RingSleep.wake(ring.dataWait)
    }

    func giveUpLoan() {
        isLent = false
    }

    /// Says that nothing follows.
    func end() {
        ring.ended.pointee.store(1, ordering: .releasing)
        RingSleep.wake(ring.dataWait)
    }
}
