/// Whether the node is still there, asked once every interval.
struct KeepAlive: Sendable {
    enum Action: Sendable, Hashable {
        case none
        case ping
        case giveUp
    }

    private var heardSinceTick = true
    private var silentTicks = 0

    /// A frame of any kind came in.
    mutating func heard() {
        heardSinceTick = true
    }

    /// One interval has passed.
    mutating func tick() -> Action {
        silentTicks = heardSinceTick ? 0 : silentTicks + 1
        heardSinceTick = false
        return switch silentTicks {
        case 0: .none
        case 1: .ping
        default: .giveUp
        }
    }
}
