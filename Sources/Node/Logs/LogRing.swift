/// The last so many elements, oldest first.
struct LogRing<Element> {
    private let capacity: Int
    private var storage: [Element] = []
    private var oldest = 0

    /// - Precondition: `capacity` > 0.
    init(capacity: Int) {
        precondition(capacity > 0)
        self.capacity = capacity
    }

    /// Adds an element; a full ring loses its oldest.
    mutating func append(_ element: Element) {
        if storage.count < capacity {
            storage.append(element)
        } else {
            storage[oldest] = element
            oldest = (oldest + 1) % capacity
        }
    }

    var elements: [Element] {
        Array(storage[oldest...] + storage[..<oldest])
    }
}
