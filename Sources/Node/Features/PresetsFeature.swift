import ChainModel
import ControlProtocol
import Logging
import Storage

/// Values of one module under a name.
final class PresetsFeature: Feature {
    private let state: ChainState
    private let parameters: ParametersFeature
    private let ledger: ChangeLedger
    private let files: PresetFiles
    private let clients: ClientDirectory
    private let logger: Logger
    private var loaded = LoadedPresets()

    init(
        state: ChainState,
        parameters: ParametersFeature,
        ledger: ChangeLedger,
        files: PresetFiles,
        clients: ClientDirectory,
        logger: Logger
    ) {
        self.state = state
        self.parameters = parameters
        self.ledger = ledger
        self.files = files
        self.clients = clients
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(savePreset, as: .command)
        router.on(loadPreset, as: .command)
        router.on(deletePreset, as: .command)
        router.on { [unowned self] (request: ListPresets, _) in try list(of: request.instanceId) }
        router.on(diffPresets)
        router.on(morphPresets, as: .command)
    }

    /// Brings back which presets the modules play.
    ///
    /// - Parameter ids: preset ids by instance id.
    func restore(_ ids: [String: String]) {
        for (instance, id) in ids {
            do throws(ControlError) {
                loaded.set(try files.preset(id, of: instance), of: instance, values: state.parameters)
            } catch {
                logger.warning("A module's preset is gone.", metadata: ["module": "\(instance)", "preset": "\(id)"])
            }
        }
    }

    /// Tells every client whose preset is now "(changed)", or no longer.
    func look(at instances: some Sequence<String>) {
        for instance in instances {
            if let event = loaded.look(at: instance, values: state.parameters) { clients.broadcast(event) }
        }
    }

    func list(of instance: String) throws(ControlError) -> PresetList {
        guard InstanceID(rawValue: instance) != nil else {
            throw ControlError(
                .badField,
                "\"\(instance.prefix(80))\" is no instance id such as gain#1 or group#1.gain#1.",
                field: "instanceId"
            )
        }
        let presets = try files.presets(of: instance) { reason in
            logger.warning("A preset cannot be read.", metadata: ["module": "\(instance)", "error": "\(reason)"])
        }
        let playing = loaded.state(of: instance)
        return PresetList(
            instanceId: instance,
            presets: presets,
            loaded: playing?.presetId,
            changed: playing?.isChanged
        )
    }

    /// Checked values of a preset.
    func values(of preset: Preset, for instance: String) throws(ControlError) -> [StoredParameter] {
        try state.parameters.check(preset.params.mapValues(JSONScalar.string), of: instance, field: "params")
    }

    func preset(_ id: String, of instance: String) throws(ControlError) -> Preset {
        try files.preset(id, of: instance)
    }

    /// Notes what modules play; the caller commits. To be followed by ``didLoad(_:)`` after the commit.
    func willLoad(_ presets: [String: Preset]) {
        for (instance, preset) in presets {
            ledger.setLoadedPreset(preset.presetId, of: instance)
        }
    }

    /// Tells every client what modules play now.
    func didLoad(_ presets: [String: Preset]) {
        for (instance, preset) in presets.sorted(by: { $0.key < $1.key }) {
            loaded.set(preset, of: instance, values: state.parameters)
            announce(instance)
        }
    }

    private func savePreset(_ request: SavePreset, from author: Author) throws -> PresetSaveAck {
        try PresetFiles.checkName(request.name ?? "")
        let instance = request.instanceId
        var changes: [StoredParameter] = []
        let params: [String: String]
        if let given = request.params {
            changes = try state.parameters.check(given, of: instance, field: "params")
            params = Dictionary(uniqueKeysWithValues: changes.map { ($0.id.key.description, $0.text) })
        } else {
            do throws(ParameterFault) {
                params = try state.parameters.allStrings(of: instance)
            } catch {
                throw ControlError(error, paramField: nil, indexField: nil, valueField: nil)
            }
        }
        let preset = Preset(presetId: request.presetId, name: request.name ?? request.presetId, params: params)
        let former = try existing(preset.presetId, of: instance)
        try files.save(preset, of: instance)
        do {
            try ledger.transaction {
                try parameters.apply(
                    changes,
                    kind: .preset,
                    title: ChangeTitle.preset(preset.name, of: instance),
                    by: author
                )
                willLoad([instance: preset])
            }
        } catch {
            restoreFile(former, of: preset, in: instance)
            throw error
        }
        didLoad([instance: preset])
        broadcastList(of: instance, except: author.client)
        return PresetSaveAck(instanceId: instance, presetId: preset.presetId)
    }

    /// A preset that may not exist yet, or whose file is damaged and may be replaced.
    private func existing(_ id: String, of instance: String) throws(ControlError) -> Preset? {
        do throws(ControlError) {
            return try files.preset(id, of: instance)
        } catch {
            guard error.code == .unknownPreset || error.code == .badFile else { throw error }
            return nil
        }
    }

    /// Puts back what was before a save that was refused in the end.
    private func restoreFile(_ former: Preset?, of preset: Preset, in instance: String) {
        do throws(ControlError) {
            if let former {
                try files.save(former, of: instance)
            } else {
                _ = try files.deletePreset(preset.presetId, of: instance)
            }
        } catch {
            logger.error("A refused preset could not be taken off the disk.", metadata: ["error": "\(error.message)"])
        }
    }

    private func loadPreset(_ request: LoadPreset, from author: Author) throws -> PresetData {
        let instance = request.instanceId
        let preset = try files.preset(request.presetId, of: instance)
        let changes = try values(of: preset, for: instance)
        try ledger.transaction {
            try parameters.apply(
                changes,
                kind: .preset,
                title: ChangeTitle.preset(preset.name, of: instance),
                by: author
            )
            willLoad([instance: preset])
        }
        didLoad([instance: preset])
        return PresetData(instanceId: instance, preset: preset)
    }

    private func deletePreset(_ request: DeletePreset, from author: Author) throws -> PresetDeleteAck {
        let instance = request.instanceId
        guard try files.deletePreset(request.presetId, of: instance) else {
            throw ControlError(
                .unknownPreset,
                "\(instance.prefix(80)) has no preset \"\(request.presetId)\".",
                field: "presetId"
            )
        }
        if loaded.state(of: instance)?.presetId == request.presetId {
            loaded.set(nil, of: instance, values: state.parameters)
            ledger.setLoadedPreset(nil, of: instance)
            ledger.commitHistory()
            announce(instance)
        }
        broadcastList(of: instance, except: author.client)
        return PresetDeleteAck(instanceId: instance, presetId: request.presetId)
    }

    private func morphPresets(_ request: MorphPresets, from author: Author) throws -> MorphPresetsAck {
        let instance = request.instanceId
        guard (0...1).contains(request.position) else {
            throw ControlError(.outOfRange, "A position lies between 0 and 1.", field: "position")
        }
        let first = try files.preset(request.fromId, of: instance)
        let second = try files.preset(request.toId, of: instance)
        let changes = try PresetMorph(from: values(of: first, for: instance), to: values(of: second, for: instance))
            .changes(at: request.position, in: state)
        try ledger.transaction {
            try parameters.apply(
                changes,
                kind: .morph,
                title: ChangeTitle.morph(first.name, second.name, of: instance),
                by: author
            )
        }
        return MorphPresetsAck(instanceId: instance, position: request.position)
    }

    private func diffPresets(_ request: DiffPresets, from author: Author) throws -> PresetDiff {
        let instance = request.instanceId
        let values = try files.preset(request.presetId, of: instance).params
        let other: [String: String]
        if let id = request.otherId {
            other = try files.preset(id, of: instance).params
        } else {
            let keys = values.keys.map { JournalKey(instance: instance, key: $0) }
            other = Dictionary(
                uniqueKeysWithValues: keys.compactMap { key in
                    state.parameters.effective(key).map { (key.key, $0) }
                }
            )
        }
        let differences = Set(values.keys).union(other.keys).sorted().compactMap { key in
            values[key] == other[key]
                ? nil : PresetDiff.Difference(paramId: key, value: values[key], other: other[key])
        }
        return PresetDiff(
            instanceId: instance,
            presetId: request.presetId,
            otherId: request.otherId,
            differences: differences
        )
    }

    /// Shows the others a list that has changed. What they are told of is done, so a list that cannot be read takes
    /// nothing back.
    private func broadcastList(of instance: String, except client: ClientID) {
        do throws(ControlError) {
            clients.broadcast(try list(of: instance), except: client)
        } catch {
            logger.error(
                "The clients could not be shown the presets.",
                metadata: ["module": "\(instance)", "error": "\(error.message)"])
        }
    }

    private func announce(_ instance: String) {
        let playing = loaded.state(of: instance)
        clients.broadcast(
            PresetState(instanceId: instance, presetId: playing?.presetId, changed: playing?.isChanged ?? false)
        )
    }
}
