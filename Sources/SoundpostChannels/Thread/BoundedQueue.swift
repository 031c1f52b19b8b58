internal import Synchronization

/// A queue between any number of threads, with room for `capacity` elements, without locks.
///
/// D. Vyukov's bounded queue: each slot has a turn. A slot is free for the element number n when its turn is n, and has
/// that element when its turn is n + 1; who takes the element sets it to n + slots, the number of the next one that
/// goes there.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Unchecked: a slot's element is only touched by the thread that won the slot's turn.
    let capacity: Int
    private let mask: Int
    private let turns: UnsafeMutablePointer<Atomic<Int>>
    private let elements: UnsafeMutablePointer<Element>
    /// The two ends on lines of their own.
    private let ends: UnsafeMutablePointer<Atomic<Int>>
    private static var lineOfTail: Int { 16 }
    /// Set in the tail once nothing more is added: whoever adds sees it in the step in which it would win a slot.
    private static var closed: Int { 1 << 62 }

    init(capacity: Int) {
        precondition(capacity > 0, "a queue needs room")
        self.capacity = capacity
        // With one slot the turns of a full one and of one that is free for the next element were the same.
        var slots = 2
        while slots < capacity { slots *= 2 }
        mask = slots - 1
        turns = .allocate(capacity: slots)
        for slot in 0..<slots { (turns + slot).initialize(to: Atomic(slot)) }
        elements = .allocate(capacity: slots)
        ends = .allocate(capacity: 2 * Self.lineOfTail)
        for index in 0..<2 * Self.lineOfTail { (ends + index).initialize(to: Atomic(0)) }
    }

    deinit {
        while take() != nil {}
        turns.deinitialize(count: mask + 1)
        turns.deallocate()
        elements.deallocate()
        ends.deinitialize(count: 2 * Self.lineOfTail)
        ends.deallocate()
    }

    private var head: UnsafeMutablePointer<Atomic<Int>> { ends }
    private var tail: UnsafeMutablePointer<Atomic<Int>> { ends + Self.lineOfTail }

    /// How many there are. With other threads at work it may be too many, never too few, and never more than can be.
    var count: Int {
        let first = head.pointee.load(ordering: .acquiring)
        let last = tail.pointee.load(ordering: .acquiring) & ~Self.closed
        return min(max(0, last - first), capacity)
    }

    /// Nothing more is added. What was added is still taken.
    func close() {
        tail.pointee.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
    }

    var isClosed: Bool { tail.pointee.load(ordering: .acquiring) & Self.closed != 0 }

    /// Closed, and everything that was added has been taken. An element that a thread is about to put into the slot
    /// that it won counts.
    var isAtEnd: Bool {
        let last = tail.pointee.load(ordering: .acquiring)
        return last & Self.closed != 0 && head.pointee.load(ordering: .acquiring) == last & ~Self.closed
    }

    /// False when there is no room, or the queue is closed.
    func add(_ element: Element) -> Bool {
        var position = tail.pointee.load(ordering: .relaxed)
        while true {
            guard position & Self.closed == 0 else { return false }
            let slot = position & mask
            let turn = turns[slot].load(ordering: .acquiring)
            if turn == position {
                // More slots than the capacity, which need be no power of two. The head only grows, so an old one is
                // never too large.
                guard position - head.pointee.load(ordering: .acquiring) < capacity else { return false }
                let (won, current) = tail.pointee.weakCompareExchange(
                    expected: position, desired: position + 1, ordering: .relaxed)
                guard won else {
                    position = current
                    continue
                }
                (elements + slot).initialize(to: element)
                turns[slot].store(position + 1, ordering: .releasing)
                return true
            }
            guard turn > position else { return false }
            position = tail.pointee.load(ordering: .relaxed)
        }
    }

    func take() -> Element? {
        var position = head.pointee.load(ordering: .relaxed)
        while true {
            let slot = position & mask
            let turn = turns[slot].load(ordering: .acquiring)
            if turn == position + 1 {
                let (won, current) = head.pointee.weakCompareExchange(
                    expected: position, desired: position + 1, ordering: .acquiringAndReleasing)
                guard won else {
                    position = current
                    continue
                }
                let element = (elements + slot).move()
                turns[slot].store(position + mask + 1, ordering: .releasing)
                return element
            }
            guard turn > position + 1 else { return nil }
            position = head.pointee.load(ordering: .relaxed)
        }
    }
}
