import AudioEngine
import ControlProtocol
import Foundation
import Storage

/// The audio files that clients may name: those in the node's `audio` directory, by their plain names, and those the
/// node was configured with, by their paths.
struct AudioFiles: Sendable {
    let directory: URL
    let configuredSource: String?
    private let configuredSink: String?

    init(directory: URL, source: SourceDescription, sink: SinkDescription) {
        self.directory = directory
        configuredSource = if case .file(let path, _, _) = source { path } else { nil }
        configuredSink = if case .file(let path) = sink { path } else { nil }
    }

    /// A file to read. What is in the audio directory must not be a link, now or when it is opened; the configured one
    /// may be.
    func input(named name: String?, loops: Bool, field: String) throws(ControlError) -> SourceDescription {
        let name = try required(name, field: field)
        // However its path is written: a source that plays is to be known again.
        if let configuredSource, name == configuredSource || name == shown(configuredSource) {
            return .file(path: configuredSource, loops: loops)
        }
        let url = try locate(name, field: field)
        guard try kind(of: url, field: field) == .typeRegular else {
            throw ControlError(.badFile, "There is no file \"\(name)\" in the node's audio directory.", field: field)
        }
        return .file(path: url.path(percentEncoded: false), loops: loops, plainOnly: true)
    }

    /// A message for clients, who know files by their names: where the node keeps them is nobody's business.
    func withoutDirectory(_ message: String) -> String {
        let path = directory.appending(path: "", directoryHint: .isDirectory).path(percentEncoded: false)
        return message.replacing(path, with: "")
    }

    /// Path of a file to write. It may exist, but only as a plain file. Names that begin with a dot are the system's
    /// and the node's own, and no archive has them.
    func output(named name: String?, field: String) throws(ControlError) -> String {
        let name = try required(name, field: field)
        if let configuredSink, name == configuredSink || name == shown(configuredSink) {
            return configuredSink
        }
        guard !name.hasPrefix(".") else {
            throw ControlError(.badFile, "\"\(name.prefix(80))\" begins with a dot.", field: field)
        }
        let url = try locate(name, field: field)
        guard try [nil, .typeRegular].contains(kind(of: url, field: field)) else {
            throw ControlError(.badFile, "\"\(name)\" in the node's audio directory is no plain file.", field: field)
        }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        } catch {
            throw ControlError(.storage, "The node's audio directory cannot be made: \(error.localizedDescription)")
        }
        return url.path(percentEncoded: false)
    }

    /// Opens a plain file and reads its first frames, of which there may be none.
    ///
    /// - Parameter mayBeEmpty: takes a file without a byte, which is what is left of a FLAC recording without a frame.
    /// - Throws: `bad_file` for what libsndfile cannot read.
    static func check(_ file: URL, mayBeEmpty: Bool = false) throws(ControlError) {
        let path = file.path(percentEncoded: false)
        var status = stat()
        if mayBeEmpty, lstat(path, &status) == 0, status.st_size == 0 { return }
        do {
            let reader = try AudioFileReader(path: path, plainFileOnly: true)
            let frames = 256
            var buffer = [Float](repeating: 0, count: frames * reader.channels)
            _ = try buffer.withUnsafeMutableBufferPointer { samples in
                try samples.baseAddress.map { try reader.read(into: $0, frames: frames) } ?? 0
            }
        } catch {
            // The reader names a path of this machine, which is nobody's business elsewhere.
            throw ControlError(
                .badFile, "The body is no audio file that can be read: WAV, FLAC, AIFF, Ogg, MP3 and more.")
        }
    }

    private func required(_ name: String?, field: String) throws(ControlError) -> String {
        guard let name else {
            throw ControlError(.badField, "A file needs its name.", field: field)
        }
        return name
    }

    func locate(_ name: String, field: String) throws(ControlError) -> URL {
        do {
            return directory.appending(path: try FileName(id: name).rawValue, directoryHint: .notDirectory)
        } catch {
            throw ControlError(.badFile, "\(error)", field: field)
        }
    }

    /// Of the directory entry itself, links not followed; nil when there is none.
    func kind(of url: URL, field: String) throws(ControlError) -> FileAttributeType? {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
            return attributes[.type] as? FileAttributeType
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            return nil
        } catch {
            throw ControlError(.badFile, "\"\(url.lastPathComponent)\" cannot be read: \(error)", field: field)
        }
    }
}
