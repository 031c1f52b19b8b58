import ControlProtocol
import Logging

/// Brings changed parameters to disk a little later, so that a moving knob costs one write and not a hundred.
final class ParameterKeeper {
    /// Longest time between an acknowledgement and the file.
    static let delay = Duration.milliseconds(200)

    private let state: ChainState
    private let file: ParameterSnapshotFile
    private let timers: Timers
    private let logger: Logger

    init(state: ChainState, file: ParameterSnapshotFile, timers: Timers, logger: Logger) {
        self.state = state
        self.file = file
        self.timers = timers
        self.logger = logger
    }

    /// To be called after every change. Changes until the write go with it.
    func changed() {
        guard !timers.isRunning(.saveParameters) else { return }
        timers.after(Self.delay, .saveParameters) { [unowned self] in
            _ = write()
        }
    }

    /// Starts writing the present values. A write that fails is logged, and made up for by the next.
    func write() -> Task<Void, Never> {
        let snapshot = state.parameters.snapshot
        let revision = state.parameters.revision
        return Task { [file, logger] in
            do {
                try await file.write(snapshot, revision: revision)
            } catch {
                logger.error("Parameters could not be written to disk.", metadata: ["error": "\(error)"])
            }
        }
    }
}
