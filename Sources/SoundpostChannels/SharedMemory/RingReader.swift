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
    /// Records taken since the last look at what is published.
    private var found = 0
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
            try look(deadline)
        }
        found += 1
        do throws(RingFault) {
            let record = try check()
            borrowed = record.bytes.count
            return record
        } catch {
            fault = error
            throw error
        }
    }

    /// Looks for more, and waits for it.
    ///
    /// After several records at once the writer is in the middle of more. Each look takes the line of its position from
    /// it, which then costs it a cache miss, so it is left alone for a moment: 2 to 3 million small messages a second
    /// become 20 to 40.
    private func look(_ deadline: Deadline) throws(RingFault) {
        if found > 1, deadline.nanoseconds != 0 { RingSleep.rest() }
        found = 0
        let seen = ring.published.pointee.load(ordering: .acquiring)
        if seen != tail { return try accept(seen) }
        giveBack()
        try waitForData(deadline)
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
        try accept(seen)
    }

    /// Checks what was loaded from `published`.
    private func accept(_ seen: UInt64) throws(RingFault) {
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
        // Else there could be endlessly many.
        guard flags == 0 || length > 0 else { throw .broken("an empty record that goes on") }
        let bytes = UnsafeRawBufferPointer(start: place + RegionLayout.recordHeader, count: length)
        return (bytes, flags & RegionLayout.moreFollows != 0)
    }

    /// Takes nothing more: what was borrowed is not what it has to be.
    func refuse(_ fault: RingFault) {
        borrowed = nil
        self.fault = fault
    }

    /// Gives back what was borrowed. The writer learns it when the reader is about to wait, or a quarter of the ring
    /// has come together: each time costs a fence, and the writer a cache miss. With less than a quarter kept back it
    /// always has room for the largest record once the rest is read.
    func release() {
        guard let length = borrowed else { return }
        borrowed = nil
        tail += UInt64(RegionLayout.space(for: length))
        if tail - consumed >= UInt64(ring.capacity / 4) { giveBack() }
    }

    private func giveBack() {
        guard consumed != tail else { return }
        consumed = tail
        ring.consumed.pointee.store(tail, ordering: .releasing)
        RingSleep.wake(ring.spaceWait)
    }
}
