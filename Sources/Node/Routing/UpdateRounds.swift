import ControlProtocol
import Storage

/// Tells the clients of changed values, in rounds: each round has the newest value of every key that changed since the last.
///
/// A small round goes out at once. A large one, many keys to many clients, is followed by a pause in proportion, in which
/// changes gather: however fast five hundred clients turn their knobs, telling each other does not take the node's time
/// from answering them.
///
/// Lives on the node's actor.
final class UpdateRounds {
    /// Texts that a round may hand out without a pause after it.
    static let freeTexts = 16
    /// Texts a second that larger rounds come to.
    static let textsPerSecond = 5000

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
        let round = keys.compactMap { newest[$0] }
        keys.removeAll(keepingCapacity: true)
        newest.removeAll(keepingCapacity: true)
        let texts = round.reduce(0) { $0 + send($1.update, $1.sender) }
        guard texts > Self.freeTexts else { return }
        timers.after(.seconds(1) * texts / Self.textsPerSecond, .updateRound) { [unowned self] in run() }
    }
}
