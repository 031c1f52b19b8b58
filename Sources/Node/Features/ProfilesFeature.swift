import ChainModel
import ControlProtocol
import Logging

/// One preset for each of some modules, under a name.
final class ProfilesFeature: Feature {
    private let state: ChainState
    private let parameters: ParametersFeature
    private let presets: PresetsFeature
    private let ledger: ChangeLedger
    private let files: PresetFiles
    private let clients: ClientDirectory
    private let logger: Logger

    init(
        state: ChainState,
        parameters: ParametersFeature,
        presets: PresetsFeature,
        ledger: ChangeLedger,
        files: PresetFiles,
        clients: ClientDirectory,
        logger: Logger
    ) {
        self.state = state
        self.parameters = parameters
        self.presets = presets
        self.ledger = ledger
        self.files = files
        self.clients = clients
        self.logger = logger
    }

    func register(on router: inout MessageRouter) {
        router.on(saveProfile, as: .command)
        router.on(loadProfile, as: .command)
        router.on(deleteProfile, as: .command)
        router.on { [unowned self] (_: ListProfiles, _) in try list() }
    }

    func list() throws(ControlError) -> ProfileList {
        ProfileList(
            profiles: try files.profiles { reason in
                logger.warning("A profile cannot be read.", metadata: ["error": "\(reason)"])
            }
        )
    }

    private func saveProfile(_ request: SaveProfile, from author: Author) throws -> ProfileSaveAck {
        try PresetFiles.checkName(request.name ?? "")
        for (instance, preset) in request.modulePresets.sorted(by: { $0.key < $1.key }) {
            do throws(ControlError) {
                _ = try presets.preset(preset, of: instance)
            } catch {
                throw ControlError(error.code, error.message, field: "modulePresets.\(instance)")
            }
        }
        let profile = Profile(
            profileId: request.profileId,
            name: request.name ?? request.profileId,
            modulePresets: request.modulePresets
        )
        try files.save(profile)
        broadcastList(except: author.client)
        return ProfileSaveAck(profileId: profile.profileId)
    }

    private func loadProfile(_ request: LoadProfile, from author: Author) throws -> ProfileData {
        let profile = try files.profile(request.profileId)
        let inChain = Set(state.chain.modules.map(\.id.rawValue))
        var loaded: [String: Preset] = [:]
        var changes: [StoredParameter] = []
        for (instance, id) in profile.modulePresets.sorted(by: { $0.key < $1.key }) where inChain.contains(instance) {
            let preset = try presets.preset(id, of: instance)
            changes += try presets.values(of: preset, for: instance)
            loaded[instance] = preset
        }
        try ledger.transaction {
            try parameters.apply(changes, kind: .profile, title: ChangeTitle.profile(profile.name), by: author)
            presets.willLoad(loaded)
        }
        presets.didLoad(loaded)
        return ProfileData(
            profile: profile, absent: profile.modulePresets.keys.filter { !inChain.contains($0) }.sorted())
    }

    private func deleteProfile(_ request: DeleteProfile, from author: Author) throws -> ProfileDeleteAck {
        guard try files.deleteProfile(request.profileId) else {
            throw ControlError(.unknownProfile, "There is no profile \"\(request.profileId)\".", field: "profileId")
        }
        broadcastList(except: author.client)
        return ProfileDeleteAck(profileId: request.profileId)
    }

    /// Shows the others a list that has changed. What they are told of is done, so a list that cannot be read takes
    /// nothing back.
    private func broadcastList(except client: ClientID) {
        do throws(ControlError) {
            clients.broadcast(try list(), except: client)
        } catch {
            logger.error("The clients could not be shown the profiles.", metadata: ["error": "\(error.message)"])
        }
    }
}
