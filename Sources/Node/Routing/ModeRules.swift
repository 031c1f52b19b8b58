import ControlProtocol

/// What each mode allows (the document's permission table).
///
/// Chains are replaced in chain_builder only. In legacy only `legacy_*` commands change something, and nothing is
/// simulated. Tuning leaves system parameters alone; that is judged where the values are known.
enum ModeRules {
    /// - Parameter command: wire name of a request that changes something.
    /// - Returns: why the mode does not allow it; nil when it does.
    static func refusal(of command: String, in mode: WorkMode) -> ControlError? {
        // The way out, and the way to silence, are always open.
        guard command != SetMode.type, command != SetOutput.type else { return nil }
        let isLegacy = command.hasPrefix("legacy_")
        switch mode {
        case .legacy where !isLegacy:
            return ControlError(.modeRefused, "In legacy mode only legacy devices are changed; \(command) is refused.")
        case .chainBuilder, .tuning, .testVerify:
            if isLegacy {
                return ControlError(.modeRefused, "\(command) needs legacy mode; the mode is \(mode.rawValue).")
            }
            return changesChain(command, in: mode)
        case .legacy:
            return nil
        }
    }

    /// - Returns: why the mode does not allow a system parameter to be changed; nil when it does.
    static func systemParameterRefusal(_ key: String, in mode: WorkMode) -> ControlError? {
        guard mode == .tuning else { return nil }
        return ControlError(.modeRefused, "\(key) is a system parameter, which tuning mode leaves alone.")
    }

    private static func changesChain(_ command: String, in mode: WorkMode) -> ControlError? {
        guard mode != .chainBuilder, command == WriteLink.type else { return nil }
        return ControlError(
            .modeRefused,
            "The chain is replaced in mode chain_builder only; the mode is \(mode.rawValue)."
        )
    }
}
