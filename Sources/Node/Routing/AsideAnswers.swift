/// Answers that others make while their clients go on, each a task, which ends early when its client goes.
struct AsideAnswers {
    /// For one client at a time.
    static let most = 32

    struct ID: Hashable, Sendable {
        fileprivate let number: Int
    }

    private var tasks: [ClientID: [ID: Task<Void, Never>]] = [:]
    private var last = 0

    /// - Parameter body: makes the answer, and then says `finish`.
    /// - Returns: false when the client awaits too many.
    mutating func start(for client: ClientID, _ body: @escaping @Sendable (ID) async -> Void) -> Bool {
        guard count(of: client) < Self.most else { return false }
        last += 1
        let id = ID(number: last)
        tasks[client, default: [:]][id] = Task.detached { await body(id) }
        return true
    }

    /// - Returns: whether the client still awaits it.
    mutating func finish(_ id: ID, of client: ClientID) -> Bool {
        guard tasks[client]?.removeValue(forKey: id) != nil else { return false }
        if tasks[client]?.isEmpty == true { tasks[client] = nil }
        return true
    }

    func count(of client: ClientID) -> Int { tasks[client]?.count ?? 0 }

    mutating func giveUp(_ client: ClientID) {
        for task in (tasks.removeValue(forKey: client) ?? [:]).values { task.cancel() }
    }

    mutating func giveUpAll() {
        for client in Array(tasks.keys) { giveUp(client) }
    }
}
