import CSndFile
import Foundation

/// Container and sample encoding of an audio file to be written.
public struct AudioFileFormat: Sendable, Hashable {
    public enum Container: String, Sendable, Hashable, CaseIterable {
        case wav, w64, rf64, aiff, caf, flac
    }

    public enum Encoding: String, Sendable, Hashable {
        case pcm16, pcm24, float32

        /// Bits of an integer encoding, `nil` for float.
        var integerBits: Int? {
            switch self {
            case .pcm16: 16
            case .pcm24: 24
            case .float32: nil
            }
        }
    }

    public let container: Container
    public let encoding: Encoding

    public init(container: Container, encoding: Encoding) {
        self.container = container
        self.encoding = encoding
    }

    /// The format a file name asks for: `.wav`, `.w64`, `.rf64`, `.aif(f)` and `.caf` keep 32-bit float, `.flac` has 24
    /// bits.
    ///
    /// - Throws: ``EngineError`` `badArgument` for any other extension.
    public init(path: String) throws {
        let name = (path as NSString).pathExtension.lowercased()
        switch name == "aif" ? .aiff : Container(rawValue: name) {
        case .flac?: self.init(container: .flac, encoding: .pcm24)
        case let container?: self.init(container: container, encoding: .float32)
        case nil:
            let known = Container.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
            throw EngineError(
                .badArgument,
                "\(path): the extension must name an audio format that can be written: \(known)"
            )
        }
    }

    /// Bytes after which the container's 32-bit size fields end.
    var byteLimit: Int? {
        switch container {
        case .wav, .aiff: Int(UInt32.max) - 65_536
        case .w64, .rf64, .caf, .flac: nil
        }
    }

    var sndfileFormat: Int32 {
        let major =
            switch container {
            case .wav: SF_FORMAT_WAV
            case .w64: SF_FORMAT_W64
            case .rf64: SF_FORMAT_RF64
            case .aiff: SF_FORMAT_AIFF
            case .caf: SF_FORMAT_CAF
            case .flac: SF_FORMAT_FLAC
            }
        let minor =
            switch encoding {
            case .pcm16: SF_FORMAT_PCM_16
            case .pcm24: SF_FORMAT_PCM_24
            case .float32: SF_FORMAT_FLOAT
            }
        return Int32(major | minor)
    }
}
