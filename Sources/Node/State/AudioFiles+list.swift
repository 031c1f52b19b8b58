import AudioEngine
import ControlProtocol
import Foundation
import Storage

extension AudioFiles {
    /// Every file that can be played, by name; what cannot be read is left out. Reads from disk.
    func list() -> [AudioFileList.File] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path(percentEncoded: false))
        } catch {
            // There is no directory before the first file.
            names = []
        }
        let kept = names.filter { !$0.hasPrefix(".") && !AtomicFile.isTemporary($0) }.compactMap { name in
            file(name, path: directory.appending(path: name).path(percentEncoded: false), plainOnly: true, isKept: true)
        }
        let configured = configuredSource.flatMap { source -> AudioFileList.File? in
            // It may lie in the node's own directory, however its path is written.
            let isListed = kept.contains { $0.name == shown(source) }
            return isListed ? nil : file(source, path: source, plainOnly: false, isKept: false)
        }
        return (kept + [configured].compactMap { $0 }).sorted { $0.name < $1.name }
    }

    /// Removes a kept file.
    func remove(named name: String, field: String) throws(ControlError) {
        let url = try locate(name, field: field)
        guard !name.hasPrefix("."), try kind(of: url, field: field) == .typeRegular else {
            throw ControlError(.badFile, "There is no file \"\(name)\" in the node's audio directory.", field: field)
        }
        do {
            try AtomicFile.remove(url)
        } catch {
            throw ControlError(.storage, "\"\(name)\" could not be removed: \(error)")
        }
    }

    /// A source in the form of `sim_start`.
    func input(of source: SourceDescription) -> SimStart.Input {
        switch source {
        case .generator: SimStart.Input(type: .generator)
        case .silence: SimStart.Input(type: .silence)
        case .card(let name, let channels):
            SimStart.Input(type: .soundcard, deviceName: name, channels: channels?.numbers.map { WholeNumber($0) })
        case .file(let path, let loops, _): SimStart.Input(type: .file, path: shown(path), loop: loops)
        }
    }

    /// A sink in the form of `sim_start`.
    func output(of sink: SinkDescription) -> SimStart.Output {
        switch sink {
        case .none: SimStart.Output(type: .none)
        case .browser: SimStart.Output(type: .browser)
        case .card(let name, let channels):
            SimStart.Output(type: .soundcard, deviceName: name, channels: channels?.numbers.map { WholeNumber($0) })
        case .file(let path): SimStart.Output(type: .file, path: shown(path))
        }
    }

    /// The name by which clients know a file.
    func shown(_ path: String) -> String {
        let file = URL(filePath: path).standardizedFileURL
        let isKept = file.deletingLastPathComponent().path == directory.standardizedFileURL.path
        return isKept ? file.lastPathComponent : path
    }

    private func file(_ name: String, path: String, plainOnly: Bool, isKept: Bool) -> AudioFileList.File? {
        guard let reader = try? AudioFileReader(path: path, plainFileOnly: plainOnly),
            let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        else { return nil }  // what cannot be read cannot be played
        return AudioFileList.File(
            name: name,
            durationMs: Double(reader.frameCount) / Double(reader.sampleRate) * 1000,
            sampleRate: reader.sampleRate,
            channels: reader.channels,
            bytes: size,
            kept: isKept
        )
    }
}
