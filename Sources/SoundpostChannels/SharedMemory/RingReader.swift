internal import Synchronization

/// The reading end of a ring.
///
/// For one thread at a time. Records are used where they lie (`borrow`) and then given back.
public final class RingReader {
    private let ring: Ring
    private let sleep: RingSleep
    /// Keeps the memory mapped.
    private let region: Region
    private var tail: UInt64 = 0
    private var published: UInt64 = 0
    /// Given back, as the writer knows it.
    private var consumed: UInt64 = 0
    /// Length of what is borrowed.
    private var borrowed: Int?
    private var fault: RingFault?

    init(_ ring: Ring, _ region: Region, _ sleep: RingSleep) {
        self.ring = ring
        self.region = region
        self.sleep = sleep
    }

    /// The next record, in place.
    func take(_ deadline: Deadline) throws(RingFault) -> (bytes: UnsafeRawBufferPointer, moreFollows: Bool) {
        if let fault { throw fault }
        precondition(borrowed == nil, "one record at a time")
        if sleep.isClosed.value { throw .closed }
        if tail == published {
            giveBack()
            try waitForData(deadline)
        }
        do throws(RingFault) {
            let record = try check()
            borrowed = record.bytes.count
            return record
        } catch {
            fault = error
            throw error
        }
    }

    private func waitForData(_ deadline: Deadline) throws(RingFault) {
        var seen: UInt64 = 0
        var hasEnded = false
        let outcome = sleep.wait(on: ring.dataWait, deadline) {
            // The flag first: what was published before it was set is then seen.
            hasEnded = ring.ended.pointee.load(ordering: .acquiring) != 0
            seen = ring.published.pointee.load(ordering: .acquiring)
            return seen != tail || hasEnded
        }
        switch outcome {
        case .ready: break
        case .timeout: throw .timeout
        case .closed: throw .closed
        case .gone: throw .ended
        }
        guard seen != tail else { throw .ended }
        guard seen > tail, seen - tail <= UInt64(ring.capacity), seen & 7 == 0 else {
            let broken = RingFault.broken("the writer's counter says \(seen) where \(tail) bytes were read")
            fault = broken
            throw broken
        }
        published = seen
    }

    /// Loads the next record's header once and checks it.
    private func check() throws(RingFault) -> (bytes: UnsafeRawBufferPointer, moreFollows: Bool) {
        let place = ring.place(of: tail)
        let length = Int(place.load(as: UInt32.self))
        let flags = place.load(fromByteOffset: 4, as: UInt32.self)
        guard length <= ring.largestRecord, UInt64(RegionLayout.space(for: length)) <= published - tail else {
            throw .broken("a record of \(length) bytes where \(published - tail) are published")
        }
        guard flags & ~RegionLayout.moreFollows == 0 else { throw .broken("a record with the flags \(flags)") }
        let bytes = UnsafeRawBufferPointer(start: place + RegionLayout.recordHeader, count: length)
        return (bytes, flags & RegionLayout.moreFollows != 0)
    }

    /// Takes nothing more: what was borrowed is not what it has to be.
    func refuse(_ fault: RingFault) {
        borrowed = nil
        self.fault = fault
    }

    /// Gives back what was borrowed. The writer learns it when nothing else is known to be there, or a quarter of the ring has come
    /// together: each time costs a fence, and the writer a cache miss.
    func release() {
        guard let length = borrowed else { return }
        borrowed = nil
        tail += UInt64(RegionLayout.space(for: length))
        if tail == published || tail - consumed >= UInt64(ring.capacity / 4) { giveBack() }
    }

    private func giveBack() {
        guard consumed != tail else { return }
        consumed = tail
        ring.consumed.pointee.store(tail, ordering: .releasing)
        RingSleep.wake(ring.spaceWait)
    }
}
