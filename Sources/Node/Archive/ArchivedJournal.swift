import ControlProtocol
import Foundation
import Storage

/// Values and history of a node as JSON: `journal.json` of an archive.
struct ArchivedJournal: Sendable, Codable {
    static let name = "journal.json"
    /// Far above what a node writes, far below what hurts.
    private static let limits = JSONGuard(maximumBytes: 256 << 20)

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

    /// - Throws: what is wrong with the text.
    init(json: Data) throws {
        try Self.limits.check(json)
        self = try JSONDecoder().decode(ArchivedJournal.self, from: json)
        guard version == 1 else {
            throw ControlError(.badArchive, "\(Self.name) has version \(version); this node reads version 1.")
        }
        guard Set(history.map(\.id)).count == history.count, history.allSatisfy({ (1..<Int64.max / 2).contains($0.id) })
        else {
            throw ControlError(.badArchive, "The entries of \(Self.name) need ids of their own, from 1 on.")
        }
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
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
