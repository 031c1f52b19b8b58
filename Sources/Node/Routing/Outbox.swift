import ControlProtocol

/// Answers and events of changes that are not committed yet, in their order.
///
/// When the commit has succeeded they go out; when it has failed, every change is refused and nobody hears of it.
struct Outbox {
    struct Item {
        let client: ClientID
        let answer: String
        let isAccepted: Bool
        let refusal: (ControlError) throws -> String
        let events: [ClientDirectory.Deferred]
        /// What the audit log is to have when the change is made.
        let audited: AuditedMessage
    }

    private(set) var items: [Item] = []

    var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: Item) {
        items.append(item)
    }

    mutating func takeAll() -> [Item] {
        defer { items.removeAll(keepingCapacity: true) }
        return items
    }
}
