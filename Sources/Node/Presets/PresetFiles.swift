import ChainModel
import ControlProtocol
import Foundation
import Storage

/// The presets and profiles on disk: `presets/{instanceId}/{presetId}.json` and `profiles/{profileId}.json`.
///
/// Lists are read from disk once and kept: nobody else writes to the directory while the node holds its lock. What is
/// asked for by its id is always read from disk. One actor at a time.
final class PresetFiles {
    /// UTF-8 bytes of a preset's or profile's name.
    private static let maximumNameBytes = 256

    private let directory: URL
    /// By instance id, then as ``FileName/comparable(_:)`` has the preset's id. Only modules that have presets: a
    /// client may ask for any number of others.
    private var knownPresets: [String: [String: Preset]] = [:]
    /// As ``FileName/comparable(_:)`` has the profile's id; nil before the first list.
    private var knownProfiles: [String: Profile]?

    /// - Parameter directory: the node's data directory.
    init(directory: URL) {
        self.directory = directory
    }

    /// Refuses names that are too long to be stored and listed.
    ///
    /// - Throws: `bad_field`.
    static func checkName(_ name: String) throws(ControlError) {
        guard name.utf8.count <= maximumNameBytes else {
            throw ControlError(
                .badField,
                "The name has \(name.utf8.count) bytes in UTF-8; at most \(maximumNameBytes) are taken.",
                field: "name"
            )
        }
    }

    // MARK: Presets

    func preset(_ id: String, of instance: String) throws(ControlError) -> Preset {
        let files = files(of: instance)
        let stored = try attempt("presetId") { () throws(StorageError) in try files?.read(id) }
        guard let stored else {
            throw ControlError(.unknownPreset, "\(instance) has no preset \"\(id)\".", field: "presetId")
        }
        return stored.preset(id)
    }

    /// Of one module, in the order of their ids.
    ///
    /// - Parameter unreadable: is told what is wrong with each file that is no preset; such a file is passed over.
    /// - Throws: `storage_failed`, and what `unreadable` throws.
    func presets(
        of instance: String,
        unreadable: (String) throws(ControlError) -> Void
    ) throws(ControlError) -> [Preset] {
        if let known = knownPresets[instance] { return known.values.sorted { $0.presetId < $1.presetId } }
        guard let files = files(of: instance) else { return [] }
        let (found, faults) = try attempt("presetId") { () throws(StorageError) in try files.readAll() }
        for fault in faults { try unreadable(fault) }
        let presets = found.map { $0.contents.preset($0.id) }
        if !presets.isEmpty {
            knownPresets[instance] = Dictionary(
                presets.map { (FileName.comparable($0.presetId), $0) }, uniquingKeysWith: { $1 })
        }
        return presets
    }

    /// On disk when this returns.
    func save(_ preset: Preset, of instance: String) throws(ControlError) {
        guard InstanceID(rawValue: instance) != nil, let files = files(of: instance) else {
            throw ControlError(
                .badField,
                "\"\(instance.prefix(80))\" is no instance id such as gain#1 or group#1.gain#1.",
                field: "instanceId"
            )
        }
        try attempt("presetId") { () throws(StorageError) in
            try files.write(StoredPreset(preset, of: instance), as: preset.presetId)
        }
        knownPresets[instance]?[FileName.comparable(preset.presetId)] = preset
    }

    /// - Returns: whether there was one.
    func deletePreset(_ id: String, of instance: String) throws(ControlError) -> Bool {
        let files = files(of: instance)
        let wasThere = try attempt("presetId") { () throws(StorageError) in try files?.delete(id) ?? false }
        knownPresets[instance]?[FileName.comparable(id)] = nil
        if knownPresets[instance]?.isEmpty == true { knownPresets[instance] = nil }
        return wasThere
    }

    // MARK: Profiles

    func profile(_ id: String) throws(ControlError) -> Profile {
        let stored = try attempt("profileId") { () throws(StorageError) in try profileFiles.read(id) }
        guard let stored else {
            throw ControlError(.unknownProfile, "There is no profile \"\(id)\".", field: "profileId")
        }
        return stored.profile(id)
    }

    /// In the order of their ids.
    ///
    /// - Parameter unreadable: is told what is wrong with each file that is no profile; such a file is passed over.
    /// - Throws: `storage_failed`, and what `unreadable` throws.
    func profiles(unreadable: (String) throws(ControlError) -> Void) throws(ControlError) -> [Profile] {
        if let knownProfiles { return knownProfiles.values.sorted { $0.profileId < $1.profileId } }
        let (found, faults) = try attempt("profileId") { () throws(StorageError) in try profileFiles.readAll() }
        for fault in faults { try unreadable(fault) }
        let profiles = found.map { $0.contents.profile($0.id) }
        knownProfiles = Dictionary(
            profiles.map { (FileName.comparable($0.profileId), $0) }, uniquingKeysWith: { $1 })
        return profiles
    }

    /// On disk when this returns.
    func save(_ profile: Profile) throws(ControlError) {
        try attempt("profileId") { () throws(StorageError) in
            try profileFiles.write(StoredProfile(profile), as: profile.profileId)
        }
        knownProfiles?[FileName.comparable(profile.profileId)] = profile
    }

    /// - Returns: whether there was one.
    func deleteProfile(_ id: String) throws(ControlError) -> Bool {
        let wasThere = try attempt("profileId") { () throws(StorageError) in try profileFiles.delete(id) }
        knownProfiles?[FileName.comparable(id)] = nil
        return wasThere
    }

    // MARK: Folders and forms

    private struct StoredPreset: Codable {
        var instanceId: String
        var presetId: String
        var name: String?
        var params: [String: String]

        init(_ preset: Preset, of instance: String) {
            instanceId = instance
            presetId = preset.presetId
            name = preset.name
            params = preset.params
        }

        /// The file's name says which one it is.
        func preset(_ id: String) -> Preset {
            Preset(presetId: id, name: name ?? id, params: params)
        }
    }

    private struct StoredProfile: Codable {
        var profileId: String
        var name: String?
        var modulePresets: [String: String]

        init(_ profile: Profile) {
            profileId = profile.profileId
            name = profile.name
            modulePresets = profile.modulePresets
        }

        /// The file's name says which one it is.
        func profile(_ id: String) -> Profile {
            Profile(profileId: id, name: name ?? id, modulePresets: modulePresets)
        }
    }

    /// Nil for what cannot be the name of a folder.
    private func files(of instance: String) -> NamedFiles<StoredPreset>? {
        FileName(dotted: instance).map { NamedFiles(root: directory, folders: [FileName("presets"), $0]) }
    }

    private var profileFiles: NamedFiles<StoredProfile> {
        NamedFiles(root: directory, folders: [FileName("profiles")])
    }

    /// - Parameter idField: the message's field with the id, to which a bad name belongs.
    private func attempt<Value>(
        _ idField: String, _ body: () throws(StorageError) -> Value
    ) throws(ControlError) -> Value {
        do throws(StorageError) {
            return try body()
        } catch {
            switch error.code {
            case .badName: throw ControlError(.badField, "\(error)", field: idField)
            case .damaged: throw ControlError(.badFile, "\(error)")
            default: throw ControlError(.storage, "\(error)")
            }
        }
    }
}
