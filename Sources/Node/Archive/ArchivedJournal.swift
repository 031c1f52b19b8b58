import ControlProtocol
import Foundation
import Storage

/// Values and history of a node as JSON: `journal.json` of an archive.
struct ArchivedJournal: Sendable, Codable {
    static let name = "journal.json"
    /// Far above what a node writes, far below what hurts.
    static let maximumBytes = 256 << 20
    /// Milliseconds since 1970 (UTC) that JSON carries exactly and that no sum of two overflows.
    private static let timestamps: Range<Int64> = 0..<(1 << 53)

    private struct Entry: Codable {
        var id: Int64
        var timestamp: Int64
        var client: String
        var kind: String
        var title: String
        var state: Int
        var values: [Change]
    }

    private struct Change: Codable {
        var instanceId: String
        var paramId: String
        var before: String?
        var after: String?
    }

    /// Grows when the form changes.
    private var version: Int
    private var values: [String: [String: String]]
    private var loadedPresets: [String: String]
    private var history: [Entry]

    init(_ contents: JournalContents) {
        version = 1
        values = contents.values
        loadedPresets = contents.loadedPresets
        history = contents.entries.map { entry in
            Entry(
                id: entry.id,
                timestamp: entry.timestamp,
                client: entry.client,
                kind: entry.kind,
                title: entry.title,
                state: entry.state.rawValue,
                values: entry.values.sorted { ($0.key.instance, $0.key.key) < ($1.key.instance, $1.key.key) }.map {
                    Change(
                        instanceId: $0.key.instance, paramId: $0.key.key, before: $0.value.before, after: $0.value.after
                    )
                }
            )
        }
    }

    /// Keys come in their canonical spelling.
    ///
    /// - Throws: what is wrong with the text.
    init(json: Data) throws {
        try JSONGuard(maximumBytes: Self.maximumBytes).check(json)
        self = try JSONDecoder().decode(ArchivedJournal.self, from: json)
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw ControlError(.badArchive, "A text of \(Self.name) contains the character U+0000.")
        }
        guard version == 1 else {
            throw ControlError(.badArchive, "\(Self.name) has version \(version); this node reads version 1.")
        }
        guard Set(history.map(\.id)).count == history.count, history.allSatisfy({ (1..<Int64.max / 2).contains($0.id) })
        else {
            throw ControlError(.badArchive, "The entries of \(Self.name) need ids of their own, from 1 on.")
        }
        for entry in history where !Self.timestamps.contains(entry.timestamp) {
            throw ControlError(
                .badArchive,
                "Entry \(entry.id) of \(Self.name) has the timestamp \(entry.timestamp); milliseconds since 1970 are "
                    + "needed, from 0 to \(Self.timestamps.upperBound - 1)."
            )
        }
        for (instance, stored) in values {
            values[instance] = try Self.canonical(stored, of: instance)
        }
        for index in history.indices {
            history[index].values = try Self.canonical(history[index])
        }
    }

    /// - Throws: `too_large` for what ``init(json:)`` would not take.
    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(self)
        guard json.count <= Self.maximumBytes else {
            throw StorageError(
                .tooLarge, operation: "write", path: Self.name,
                reason: "\(json.count) bytes; an archive may have \(Self.maximumBytes) there")
        }
        return json
    }

    /// All that ends up in the journal, which ends texts at U+0000.
    private var texts: some Sequence<String> {
        let stored = values.lazy.flatMap { [$0.key] + $0.value.flatMap { [$0.key, $0.value] } }
        let presets = loadedPresets.lazy.flatMap { [$0.key, $0.value] }
        let entries = history.lazy.flatMap { entry in
            [entry.client, entry.kind, entry.title]
                + entry.values.flatMap { [$0.instanceId, $0.paramId, $0.before ?? "", $0.after ?? ""] }
        }
        return [AnySequence(stored), AnySequence(presets), AnySequence(entries)].joined()
    }

    private static func canonical(
        _ stored: [String: String], of instance: String
    ) throws(ControlError) -> [String: String] {
        var canonical: [String: String] = [:]
        for (spelling, text) in stored {
            let key = JournalKey(instance: instance, spelled: spelling).key
            guard canonical.updateValue(text, forKey: key) == nil else {
                throw ControlError(.badArchive, "\(Self.name) has two values of \(instance)'s \(key).")
            }
        }
        return canonical
    }

    private static func canonical(_ entry: Entry) throws(ControlError) -> [Change] {
        var seen: Set<JournalKey> = []
        var changes = entry.values
        for index in changes.indices {
            let key = JournalKey(instance: changes[index].instanceId, spelled: changes[index].paramId)
            guard seen.insert(key).inserted else {
                throw ControlError(
                    .badArchive, "Entry \(entry.id) of \(Self.name) changes \(key.instance)'s \(key.key) twice.")
            }
            changes[index].paramId = key.key
        }
        return changes
    }

    /// Number of values.
    var count: Int { values.values.reduce(0) { $0 + $1.count } }

    var contents: JournalContents {
        JournalContents(
            values: values,
            entries: history.map { entry in
                JournalEntry(
                    id: entry.id,
                    timestamp: entry.timestamp,
                    client: entry.client,
                    kind: entry.kind,
                    title: entry.title,
                    state: JournalEntry.State(rawValue: entry.state) ?? .discarded,
                    values: Dictionary(
                        entry.values.map { change in
                            (
                                JournalKey(instance: change.instanceId, key: change.paramId),
                                JournalEntry.Values(before: change.before, after: change.after)
                            )
                        },
                        uniquingKeysWith: { $1 }
                    )
                )
            },
            loadedPresets: loadedPresets
        )
    }
}
