internal import DequeModule

/// What waits for somebody to take it, with a limit by number and by bytes.
struct Backlog<Element: Sendable>: Sendable {
    private var elements: Deque<(element: Element, bytes: Int)> = []
    private var bytes = 0
    private let capacity: Int

    /// Messages of this many bytes together are as many as wait, however few they are.
    static var maximumBytes: Int { 64 << 20 }

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { elements.count }
    var isEmpty: Bool { elements.isEmpty }
    /// One more is one too many. The first always has room, however long it is.
    var isFull: Bool { count >= capacity || bytes >= Self.maximumBytes }

    mutating func add(_ element: Element, bytes length: Int) {
        elements.append((element, length))
        bytes += length
    }

    mutating func take() -> Element? {
        guard let first = elements.popFirst() else { return nil }
        bytes -= first.bytes
        return first.element
    }

    func contains(where isWanted: (Element) -> Bool) -> Bool {
        elements.contains { isWanted($0.element) }
    }

    /// Takes everything, the oldest first.
    mutating func takeAll() -> [(element: Element, bytes: Int)] {
        // An array made of an empty deque writes into the one empty array of the process, which is a race of its own.
        if isEmpty { return [] }
        defer {
            elements = []
            bytes = 0
        }
        return Array(elements)
    }
}
