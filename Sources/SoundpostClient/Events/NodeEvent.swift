public import ChainModel
public import ControlProtocol
public import WireFormats

/// Something that a node sent without being asked.
public enum NodeEvent: Sendable {
    /// An event of this version's protocol, such as `ParameterUpdate` or `DebugMetrics`.
    case message(any ControlEvent)
    /// An event that this version does not know, or cannot read: a newer node's.
    case unknown(type: String, json: JSONValue)
    /// The reader was so slow that this many state changes before the next event were dropped. What is shown of the
    /// node should be read again.
    case missed(count: Int)

    /// Whether the next of its kind makes up for a lost one.
    var isMeter: Bool {
        switch self {
        case .message(let event): event is DebugMetrics || event is LogLine || event is AudioEngineStatus
        case .unknown, .missed: false
        }
    }
}
