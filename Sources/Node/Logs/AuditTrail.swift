import ControlProtocol
import Logging
import Storage

/// One command as the audit log has it.
struct AuditedMessage: Sendable {
    let author: Author
    let type: String
    /// As it came; JSON.
    let message: [UInt8]
}

/// Writes down every command that was accepted: when, who, from where, and what it said.
///
/// Lives on the node's actor. The lines of one turn are written together, after the answers have gone out.
final class AuditTrail {
    /// Messages longer than this are noted by their type and length.
    private static let longestMessage = 1024

    private let log: AuditLog?
    private let wallClock: WallClock
    private let logger: Logger
    private var isFailing = false

    /// - Parameter log: nil keeps none.
    init(log: AuditLog?, wallClock: WallClock, logger: Logger) {
        self.log = log
        self.wallClock = wallClock
        self.logger = logger
    }

    func accepted(_ audited: AuditedMessage) {
        guard let log else { return }
        var line: [UInt8] = []
        line.reserveCapacity(audited.message.count + 160)
        line += #"{"time":"#.utf8
        line += String(wallClock.milliseconds()).utf8
        line += #","client":"#.utf8
        line += quoted(audited.author.name).utf8
        line += #","peer":"#.utf8
        line += quoted(audited.author.peer).utf8
        line += #","message":"#.utf8
        if audited.message.count <= Self.longestMessage {
            let start = line.count
            line += audited.message
            // Inside strings JSON has no raw line breaks, so these are white space.
            for index in start..<line.count where line[index] == 0x0A || line[index] == 0x0D { line[index] = 0x20 }
        } else {
            line += #"{"type":\#(quoted(audited.type)),"bytes":\#(audited.message.count)}"#.utf8
        }
        line.append(UInt8(ascii: "}"))
        log.append(line)
    }

    func flush() {
        do throws(StorageError) {
            try log?.flush()
            isFailing = false
        } catch {
            if !isFailing { logger.error("The audit log cannot be written.", metadata: ["error": "\(error)"]) }
            isFailing = true
        }
    }

    private func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x5C }
        return isPlain ? "\"\(text)\"" : "\"?\""
    }
}
