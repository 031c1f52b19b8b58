public import ControlProtocol
public import Foundation

/// The whole state in one file.
extension Node {
    public func exportArchive(to file: URL, by peer: String) async throws(ControlError) {
        throw ControlError(.unsupported, "This node cannot make archives.")
    }

    public func importArchive(from file: URL, by peer: String) async throws(ControlError) -> ArchiveSummary {
        throw ControlError(.unsupported, "This node cannot take archives.")
    }
}
