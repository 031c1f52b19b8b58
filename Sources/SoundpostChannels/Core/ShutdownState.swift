internal import Synchronization

/// A shutdown that several channels share: once it has begun none of them accepts anything new, while what they have
/// accepted is still delivered.
///
/// What is on its way holds a guard (`begin` … `end`). Any thread may call anything here.
public final class ShutdownState: Sendable {
    private struct State {
        var isShutdown = false
        var actions: [Int: @Sendable () -> Void] = [:]
        var nextAction = 0
    }

    /// Below the top bit the number of guards; the top bit is set once the shutdown has begun.
    private let word = Atomic<UInt64>(0)
    private static let shuttingDown: UInt64 = 1 << 63
    private let state = Mutex(State())
    private let bell = Doorbell()

    public init() {}

    public var isShutdown: Bool { word.load(ordering: .acquiring) & Self.shuttingDown != 0 }

    /// How many operations are under way.
    public var operations: Int { Int(word.load(ordering: .acquiring) & ~Self.shuttingDown) }

    /// Takes a guard; false, and no guard, once the shutdown has begun.
    public func begin() -> Bool {
        let (_, now) = word.wrappingAdd(1, ordering: .acquiringAndReleasing)
        guard now & Self.shuttingDown == 0 else {
            end()
            return false
        }
        return true
    }

    public func end() {
        let (_, now) = word.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        if now & ~Self.shuttingDown == 0 { bell.ring() }
    }

    /// Begins the shutdown; a second call does nothing.
    public func shutdown() {
        let actions: [@Sendable () -> Void] = state.withLock { state in
            guard !state.isShutdown else { return [] }
            state.isShutdown = true
            word.bitwiseOr(Self.shuttingDown, ordering: .acquiringAndReleasing)
            defer { state.actions = [:] }
            return state.actions.sorted { $0.key < $1.key }.map(\.value)
        }
        for action in actions { action() }
        bell.ring()
    }

    /// Waits until no operation is under way; false when that took longer.
    @available(*, noasync, message: "waits on the calling thread")
    public func waitForDrain(timeout: Duration? = nil) -> Bool {
        bell.wait(Deadline(after: timeout)) { operations == 0 ? true : nil } ?? false
    }

    /// What happens when the shutdown begins; at once if it has. The number takes it back.
    func onShutdown(_ action: @escaping @Sendable () -> Void) -> Int? {
        let number: Int? = state.withLock { state in
            guard !state.isShutdown else { return nil }
            defer { state.nextAction += 1 }
            state.actions[state.nextAction] = action
            return state.nextAction
        }
        if number == nil { action() }
        return number
    }

    func forget(_ number: Int?) {
        guard let number else { return }
        state.withLock { _ = $0.actions.removeValue(forKey: number) }
    }
}
