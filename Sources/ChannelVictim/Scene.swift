internal import SoundpostChannels

/// What is played in one round, as the stepper writes it: `KIND ROLE OPERATION`.
struct Scene {
    enum Kind: String {
        /// Raw records in shared memory.
        case rings
        /// A channel over a local socket.
        case socket
    }

    /// The victim's.
    enum Role: String {
        case server, client
    }

    /// What the victim does between its two marks.
    enum Operation: String {
        /// Rings: loan, fill, publish. Socket: send.
        case push
        /// Of a loan that is filled.
        case publish
        /// Of a record that is there. Socket: receive.
        case borrow
        /// Of the record that completes a quarter of the ring, for which the survivor sleeps.
        case release
        /// Reading where nothing is, until the survivor is told to go on.
        case waitForData = "wait-data"
        /// Writing where no room is.
        case waitForSpace = "wait-space"
        case close
        /// Connecting; for a server also taking the name.
        case meet
        /// Answering until killed.
        case exchange
    }

    let kind: Kind
    let role: Role
    let operation: Operation

    init?(_ words: some Collection<Substring>) {
        let words = words.map(String.init)
        guard words.count == 3, let kind = Kind(rawValue: words[0]), let role = Role(rawValue: words[1]),
            let operation = Operation(rawValue: words[2])
        else { return nil }
        self.kind = kind
        self.role = role
        self.operation = operation
    }

    /// Of one record. Long ones where a ring has to fill up; short ones where each instruction is stepped through.
    var length: Int {
        switch (kind, operation) {
        // 16 with their headers fill the ring.
        case (.rings, .borrow), (.rings, .release), (.rings, .waitForData), (.rings, .waitForSpace): 4088
        // More than the send buffer takes: part of the line has gone out when the wait begins.
        case (.socket, .waitForSpace): 7000
        default: 56
        }
    }

    static let ringBytes = 65_536

    /// Each side has its own, so that the survivor's servers stay while victims come and go.
    func name(isVictim: Bool) -> String { "\(kind)-\(isVictim ? "victim" : "survivor")" }
}
