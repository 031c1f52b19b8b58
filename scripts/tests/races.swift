// Two programs in one, for scripts/sanitize: `races locked` has no race, `races planted` has one beside a lock.
import Dispatch
import Synchronization

final class Tally: Sendable {
    let guarded = Mutex([Int]())
    nonisolated(unsafe) var bare = 0
}

let tally = Tally()
let isPlanted = CommandLine.arguments.contains("planted")
DispatchQueue.concurrentPerform(iterations: 4) { _ in
    for number in 0..<20_000 {
        tally.guarded.withLock { numbers in
            numbers.append(number)
            if numbers.count > 100 { numbers.removeAll() }
        }
        if isPlanted { tally.bare += 1 }
    }
}
