public import ChainModel

/// Answers ``WriteLink``. In a refusal the old chain is unchanged, in the engine and on disk.
public struct WriteLinkAck: Refusable {
    public static let type = "write_link_ack"
    public typealias Request = WriteLink

    /// One thing that is wrong with a chain.
    public struct Fault: Hashable, Sendable, Codable {
        public var code: String
        /// Where in the document, such as `chains.main.nodes[0].instanceId`.
        public var path: String
        public var message: String

        public init(_ fault: ChainFault) {
            code = fault.code
            path = fault.path
            message = fault.message
        }
    }

    /// How the new chain came into the sound.
    public enum Transition: String, Hashable, Sendable, Codable, CaseIterable {
        /// Old and new chain ran side by side.
        case crossfade
        /// Both together would have been too much: the sound faded out and in again.
        case dip
        /// The chains differ in channels, rate or frame size: the simulation stopped and started again.
        case restart
    }

    public var success: Bool
    /// Absent while the simulation does not run.
    public var transition: Transition?
    /// Of the new chain; see ``ReadLinkAck/revision``.
    public var revision: Int?
    public var error: String?
    public var code: String?
    public var field: String?
    /// Every fault of a chain that was refused as invalid.
    public var faults: [Fault]?

    public init(transition: Transition?, revision: Int) {
        success = true
        self.transition = transition
        self.revision = revision
    }

    public init(faults: [ChainFault]) {
        success = false
        let first = faults.first.map { ": \($0.path): \($0.message)" } ?? "."
        error = "The chain has \(faults.count) fault\(faults.count == 1 ? "" : "s")\(first)"
        code = ControlError.Code.invalidChain.rawValue
        field = "link"
        self.faults = faults.map(Fault.init)
    }

    private init(_ error: ControlError) {
        success = false
        self.error = error.message
        code = error.code.rawValue
        field = error.field
    }

    public static func refusal(of request: WriteLink, because error: ControlError) -> Self {
        Self(error)
    }
}
