import ControlProtocol
import Storage

/// Tells the clients of changed values, in rounds: each has the newest value of the keys that changed and were not told
/// yet, in the order in which they changed.
///
/// A small round goes out at once. A large one, many keys to many clients, stops when it has grown long enough and is
/// followed by a pause in proportion, in which changes gather: however fast five hundred clients turn their knobs,
/// telling each other does not take the node's time from answering them.
///
/// Lives on the node's actor.
final class UpdateRounds {
    /// Texts that a round may hand out without a pause after it.
    static let freeTexts = 16
    /// Texts a second that larger rounds come to.
    static let textsPerSecond = 2000
    /// Texts after which a round leaves the rest to the next one.
    static let roundTexts = 500
    /// However many clients there are: who is still there hears something after this.
    static let longestPause = Duration.milliseconds(250)

    private let timers: Timers
    private let send: (ParameterUpdate, ClientID?) -> Int
    private var newest: [JournalKey: (update: ParameterUpdate, sender: ClientID?)] = [:]
    /// In the order in which they changed.
    private var keys: [JournalKey] = []

    /// - Parameter send: sends an update to every client but one, and says to how many.
    init(timers: Timers, send: @escaping (ParameterUpdate, ClientID?) -> Int) {
        self.timers = timers
        self.send = send
    }

    /// Takes up a change that is committed.
    func add(_ update: ParameterUpdate, from sender: ClientID?) {
        let key = JournalKey(instance: update.instanceId, key: update.paramId)
        if newest.updateValue((update, sender), forKey: key) == nil {
            keys.append(key)
        }
    }

    /// Begins a round, unless the pause after the last one lasts.
    func run() {
        guard !keys.isEmpty, !timers.isRunning(.updateRound) else { return }
        let texts = tell(atMost: Self.roundTexts)
        guard texts > Self.freeTexts else { return }
        let pause = min(.seconds(1) * texts / Self.textsPerSecond, Self.longestPause)
        timers.after(pause, .updateRound) { [unowned self] in run() }
    }

    /// Tells everything now, pause or not: something is about to be said that must not come before it.
    func drain() {
        _ = tell(atMost: .max)
    }

    /// - Returns: how many texts went out.
    private func tell(atMost limit: Int) -> Int {
        var texts = 0
        var told = 0
        while texts < limit, told < keys.count {
            if let change = newest.removeValue(forKey: keys[told]) { texts += send(change.update, change.sender) }
            told += 1
        }
        keys.removeFirst(told)
        return texts
    }
}
