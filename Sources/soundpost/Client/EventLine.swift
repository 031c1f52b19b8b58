import ChainModel
import ControlProtocol
import SoundpostClient
import WireFormats

/// An event of a node as one line for a person, or as one line of JSON.
enum EventLine {
    /// `param_update gain#1 gainDb#0 -6`: the type, then what a person wants to know of it.
    static func text(_ event: any ControlEvent) throws -> String {
        let details: String
        switch event {
        case let update as ParameterUpdate:
            details = "\(update.instanceId) \(update.paramId) \(update.value)"
        case let link as LinkUpdated:
            details = "by \(link.origin)"
        case let mode as ModeChanged:
            details = mode.mode.rawValue
        case let status as SimStatus:
            details = status.status.rawValue
        case let started as AudioEngineStarted:
            details = started.deviceName
        case let preset as PresetState:
            details = "\(preset.instanceId) \(preset.presetId ?? "none")\(preset.changed ? " (changed)" : "")"
        case let line as LogLine:
            details = "\(line.level.rawValue) \(line.source): \(line.message)"
        case let error as ErrorMessage:
            details = "\(error.code): \(error.message)"
        case let metrics as DebugMetrics:
            details = levels(metrics)
        default:
            details = try json(event)
        }
        return details.isEmpty ? type(of: event).type : "\(type(of: event).type) \(details)"
    }

    static func json(_ event: some ControlEvent) throws -> String {
        try MessageEncoder().text(event)
    }

    static func json(_ value: JSONValue) throws -> String {
        try MessageEncoder().json(value)
    }

    /// Load in percent, then every module's peaks in dBFS.
    private static func levels(_ metrics: DebugMetrics) -> String {
        let modules = metrics.modules.sorted { $0.key < $1.key }.map { id, module in
            "\(id) \(module.outputPeakDb.map { oneDecimal($0) }.joined(separator: " "))"
        }
        return (["\(oneDecimal(metrics.cpuLoad)) %"] + modules).joined(separator: "  ")
    }

    private static func oneDecimal(_ number: Double) -> String {
        "\((number * 10).rounded() / 10)"
    }
}
