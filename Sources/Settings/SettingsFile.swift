import ChainModel
import Foundation
import WireFormats

/// Reads a configuration file: JSON with `//` comments, an object of sections.
enum SettingsFile {
    /// A larger file is refused.
    static let maximumBytes = 256 << 10

    /// Reads a file; symbolic links are followed.
    static func read(path: String) -> LayerReading {
        do throws(SettingsFault) {
            return try parse(contents(path), path: path)
        } catch {
            var reading = LayerReading()
            reading.faults.append(error)
            return reading
        }
    }

    /// Reads a text.
    static func parse(_ text: [UInt8], path: String) throws(SettingsFault) -> LayerReading {
        let origin = Origin.file(path: path)
        let json: JSONValue
        do {
            json = try JSONParser.parse(
                CommentRemover.removeComments(from: text), maximumBytes: maximumBytes, maximumDepth: 32)
        } catch {
            throw SettingsFault(origin: origin, "\(place(of: error.offset, in: text)): \(error.message).")
        }
        guard case .object(let sections) = json else {
            throw SettingsFault(origin: origin, "The file must be an object of sections, such as {\"Backend\": {}}.")
        }
        var reading = LayerReading()
        for (section, members) in sections.sorted(by: { $0.key < $1.key }) {
            read(section, members, from: origin, into: &reading)
        }
        return reading
    }

    private static func read(
        _ section: String, _ members: JSONValue, from origin: Origin, into reading: inout LayerReading
    ) {
        if let idle = SettingNames.idleSection(section) {
            reading.warn(origin, "The section '\(shortened(section))' \(idle)")
            return
        }
        if case .array = members,
            let definition = SettingCatalog.all.first(where: { $0.key.section == section && $0.form == .objects })
        {
            reading.take(
                definition.form.value(members), of: definition, origin: origin, given: describe(members))
            return
        }
        guard case .object(let settings) = members else {
            reading.faults.append(
                SettingsFault(origin: origin, "The section '\(section)' must be an object of settings."))
            return
        }
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            switch SettingNames.meaning(section: section, name: name) {
            case .setting(let definition):
                reading.take(definition.form.value(value), of: definition, origin: origin, given: describe(value))
            case .ignored(let reason):
                reading.warn(origin, "'\(section).\(shortened(name))' is ignored: \(reason).")
            case .unknown:
                let siblings = SettingCatalog.all.filter { $0.key.section == section }.map(\.key.name)
                let remark = SettingNames.unknown("setting", hint: NearestName.of(name, among: siblings))
                reading.warn(origin, "'\(section).\(shortened(name))' \(remark)")
            }
        }
    }

    /// Names from outside do not fill the log.
    private static func shortened(_ name: String) -> String {
        String(String(name.prefix(80)).map { $0.isASCII && ($0.asciiValue ?? 0) < 0x20 ? "?" : $0 })
    }

    private static func describe(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): "'\(shortened(text))'"
        case .array: "this array"
        case .object: "an object"
        }
    }

    /// Line and column, both from 1.
    private static func place(of offset: Int, in text: [UInt8]) -> String {
        let before = text.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = offset - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
        return "line \(line), column \(column)"
    }

    private static func contents(_ path: String) throws(SettingsFault) -> [UInt8] {
        let origin = Origin.file(path: path)
        // Without blocking: a named pipe in the file's place would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw SettingsFault(origin: origin, "The file cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SettingsFault(origin: origin, "This is no plain file.")
        }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while text.count <= maximumBytes {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SettingsFault(origin: origin, "The file cannot be read: \(String(cString: strerror(errno))).")
            }
            if count == 0 { return text }
            text += chunk[..<count]
        }
        throw SettingsFault(origin: origin, "The file has more than \(maximumBytes) bytes.")
    }
}
