public import Foundation
public import WireFormats

/// What is said of an extension: by the file `extension.json` in its folder, or by the node's configuration.
///
///     {"id": "auto_eq", "name": "Automatic equaliser", "command": ["python3", "auto_eq.py"], "panel": "auto_eq"}
///
/// `env` are variables for it; `startSeconds` and `graceSeconds` are `startLimit` and `grace`.
public struct ExtensionManifest: Sendable, Hashable {
    /// `[a-z][a-z0-9_]{0,31}`
    public var id: String
    /// For people.
    public var name: String
    public var version: String?
    public var description: String?
    /// The program and its arguments, run in `folder`.
    public var command: [String]
    /// Variables besides the node's own environment.
    public var environment: [String: String]
    /// The page's panel for it, if the page has one.
    public var panel: String?
    /// Within this time from its start it has to connect and to announce its handlers.
    public var startLimit = Duration.seconds(30)
    /// For what it is doing, when it is to end. It is told in `SOUNDPOST_EXTENSION_GRACE`, in seconds.
    public var grace = Duration.seconds(5)
    public var folder: URL

    private static let startSeconds = 1.0...3600.0
    private static let graceSeconds = 0.0...60.0
    /// What a manifest in the configuration may have.
    private static let keys: Set = [
        "id", "name", "version", "description", "command", "env", "panel", "startSeconds", "graceSeconds",
    ]
    public static let fileName = "extension.json"

    /// Why a manifest is not taken.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let path: String
        public let reason: String
        public var description: String { "\(path): \(reason)" }
    }

    public init(
        id: String, name: String? = nil, command: [String], environment: [String: String] = [:], panel: String? = nil,
        folder: URL
    ) {
        self.id = id
        self.name = name ?? id
        self.command = command
        self.environment = environment
        self.panel = panel
        self.folder = folder
    }

    /// Reads the manifest of a folder. Keys that are not known are skipped.
    public init(folder: URL) throws(Fault) {
        let file = folder.appending(path: Self.fileName, directoryHint: .notDirectory)
        let path = file.path(percentEncoded: false)
        func fault(_ reason: String) -> Fault { Fault(path: path, reason: reason) }
        do {
            let data = try Data(contentsOf: file)
            guard case .object(let members) = try JSONParser.parse(data, maximumBytes: 64 << 10) else {
                throw fault("a manifest is a JSON object")
            }
            try self.init(members, folder: folder, place: path)
        } catch let fault as Fault {
            throw fault
        } catch let error as JSONFault {
            throw fault("\(error)")
        } catch {
            throw fault("it cannot be read: \(error.localizedDescription)")
        }
    }

    /// Reads the manifests of a configuration: objects with the keys of a manifest, run in `folder`.
    ///
    /// - Parameter others: whose ids are taken.
    /// - Throws: the first fault, with the entry's number from 1; a key that is not known is one.
    public static func all(
        in entries: [JSONValue], folder: URL, besides others: [ExtensionManifest] = []
    ) throws(Fault) -> [ExtensionManifest] {
        var found: [ExtensionManifest] = []
        for (index, entry) in entries.enumerated() {
            let place = "entry \(index + 1)"
            guard case .object(let members) = entry else {
                throw Fault(path: place, reason: "it has to be an object, such as {\"id\": …, \"command\": […]}")
            }
            if let unknown = members.keys.filter({ !keys.contains($0) }).min() {
                throw Fault(
                    path: place,
                    reason: "'\(unknown.prefix(32))' is no key of an extension; there are "
                        + keys.sorted().joined(separator: ", "))
            }
            let manifest = try ExtensionManifest(members, folder: folder, place: place)
            guard !(others + found).contains(where: { $0.id == manifest.id }) else { throw taken(manifest, place) }
            found.append(manifest)
        }
        return found
    }

    /// - Parameter path: what faults name.
    private init(_ members: [String: JSONValue], folder: URL, place path: String) throws(Fault) {
        func fault(_ reason: String) -> Fault { Fault(path: path, reason: reason) }
        func seconds(_ key: String, _ range: ClosedRange<Double>) throws(Fault) -> Duration? {
            let number: Double? =
                switch members[key] {
                case nil, .null: nil
                case .integer(let number): Double(number)
                case .number(let number): number
                default: .nan
                }
            guard let number else { return nil }
            guard range.contains(number) else {
                throw fault("'\(key)' has to be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
            }
            return .seconds(number)
        }
        func text(_ key: String) throws(Fault) -> String? {
            switch members[key] {
            case nil, .null: return nil
            case .string(let text): return text
            default: throw fault("'\(key)' has to be a text")
            }
        }
        guard let id = try text("id"), Self.isLegal(id: id) else {
            throw fault("'id' has to be 1 to 32 of a–z, 0–9 and '_', and begin with a letter")
        }
        guard case .array(let parts) = members["command"], !parts.isEmpty else {
            throw fault("'command' has to be a list: the program and its arguments")
        }
        var command: [String] = []
        for part in parts {
            guard case .string(let text) = part, !text.isEmpty, !text.utf8.contains(0) else {
                throw fault("'command' has to be a list of texts")
            }
            command.append(text)
        }
        var environment: [String: String] = [:]
        switch members["env"] {
        case nil, .null: break
        case .object(let variables):
            for (name, value) in variables {
                guard case .string(let text) = value, !name.isEmpty, !name.utf8.contains(0), !name.contains("="),
                    !text.utf8.contains(0)
                else { throw fault("'env' has to be an object of texts") }
                environment[name] = text
            }
        default: throw fault("'env' has to be an object of texts")
        }
        self.init(
            id: id, name: try text("name"), command: command, environment: environment, panel: try text("panel"),
            folder: folder)
        version = try text("version")
        description = try text("description")
        startLimit = try seconds("startSeconds", Self.startSeconds) ?? startLimit
        grace = try seconds("graceSeconds", Self.graceSeconds) ?? grace
    }

    static func isLegal(id: String) -> Bool {
        guard (1...32).contains(id.utf8.count), let first = id.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// The manifests of folders that are extensions, and of the folders in those that are not.
    ///
    /// - Throws: the first fault: a folder that is not there, a manifest that cannot be read, an id that occurs twice.
    public static func all(in folders: [URL]) throws(Fault) -> [ExtensionManifest] {
        var found: [ExtensionManifest] = []
        for folder in folders {
            for place in try places(folder) {
                let manifest = try ExtensionManifest(folder: place)
                guard !found.contains(where: { $0.id == manifest.id }) else {
                    throw taken(manifest, place.path(percentEncoded: false))
                }
                found.append(manifest)
            }
        }
        return found
    }

    private static func taken(_ manifest: ExtensionManifest, _ place: String) -> Fault {
        Fault(path: place, reason: "an extension '\(manifest.id)' is there already")
    }

    private static func places(_ folder: URL) throws(Fault) -> [URL] {
        func isExtension(_ folder: URL) -> Bool {
            FileManager.default.fileExists(atPath: folder.appending(path: fileName).path(percentEncoded: false))
        }
        if isExtension(folder) { return [folder] }
        do {
            let entries = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            return entries.filter(isExtension).sorted { $0.path < $1.path }
        } catch {
            throw Fault(
                path: folder.path(percentEncoded: false),
                reason: "the folder cannot be read: \(error.localizedDescription)")
        }
    }
}
