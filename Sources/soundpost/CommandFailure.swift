import ChainModel

/// Work that a command could not do: every reason on a line of its own, each with the file and the place in it.
///
/// Thrown out of `run()`, it is printed on standard error and the process ends with status 1.
struct CommandFailure: Error, CustomStringConvertible {
    let reasons: [String]

    init(_ reason: String) {
        reasons = [reason]
    }

    /// - Parameter reasons: at least one.
    init(_ reasons: [String]) {
        self.reasons = reasons
    }

    var description: String { reasons.joined(separator: "\n") }

    /// Runs `work` and puts the name of the file in front of what it throws.
    static func naming<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }
}
