import AudioEngine
import ChainModel
import ControlProtocol
import HTTPTypes
import Hummingbird
import Node

/// The node's state for programs that are no clients.
extension Routes {
    var reading: [Route] {
        [
            Route(
                method: .get,
                path: "/api/status",
                summary: "What the node is doing: version, clients, mode, simulation and devices.",
                answers: [.json("The node's state.", JSONSchema(of: NodeStatus.self)), Self.notRunningAnswer],
                handler: { _, _ in try Self.json(await backend.status()) }
            ),
            Route(
                method: .get,
                path: "/api/link",
                summary: "The signal chain as it was written.",
                answers: [
                    .json("The chain.", LinkConfig.schema),
                    .refusal(404, "The node has no chain.", codes: "no_link"),
                ],
                handler: { _, _ in try await link() }
            ),
            Route(
                method: .get,
                path: "/api/modules",
                summary: "Every module type with its ports and parameters.",
                answers: [
                    .json("The module types.", JSONSchema(of: ModuleLibraryMessage.self)), Self.notRunningAnswer,
                ],
                handler: { _, _ in try Self.json(await backend.moduleLibrary()) }
            ),
            Route(
                method: .get,
                path: "/api/presets/{instanceId}",
                summary: "The presets of one module, present in the chain or not.",
                parameters: [
                    .init(
                        name: "instanceId",
                        place: .path,
                        summary: "Flattened instance id; its # travels as %23.",
                        schema: .pattern(Self.instanceForm),
                        example: "gain#1"
                    )
                ],
                answers: [
                    .json("The presets; the list is empty when there are none.", JSONSchema(of: PresetList.self)),
                    .refusal(400, "This can be no instance id.", codes: "bad_field"),
                    .refusal(507, "The presets cannot be read from disk.", codes: "storage_failed"),
                    Self.notRunningAnswer,
                ],
                handler: { _, context in
                    let instance = try context.parameters.require("instanceId")
                    // The gate lets only well-formed escapes through.
                    return try Self.json(await backend.presetList(of: PercentCoding.decoded(instance) ?? instance))
                }
            ),
            Route(
                method: .get,
                path: "/api/profiles",
                summary: "All profiles: which preset each of some modules plays.",
                answers: [
                    .json("The profiles.", JSONSchema(of: ProfileList.self)),
                    .refusal(507, "The profiles cannot be read from disk.", codes: "storage_failed"),
                    Self.notRunningAnswer,
                ],
                handler: { _, _ in try Self.json(await backend.profileList()) }
            ),
            Route(
                method: .get,
                path: "/api/audio/devices",
                summary: "The machine's sound cards.",
                answers: [
                    .json("The cards by direction.", JSONSchema(of: AudioDevicesBody.self)),
                    .refusal(503, "The sound system does not answer.", codes: "engine_failed"),
                ],
                handler: { _, _ in try await devices() }
            ),
            Route(
                method: .get,
                path: "/api/debug/metrics",
                summary: "Load of the running simulation and latencies of its modules.",
                answers: [
                    .json("The figures.", JSONSchema(of: DebugMetrics.self)),
                    .refusal(503, "The simulation does not run.", codes: "simulation_stopped"),
                ],
                handler: { _, _ in
                    guard let metrics = await backend.debugMetrics() else {
                        throw Refusal(503, "simulation_stopped", "The simulation does not run. sim_start starts it.")
                    }
                    return try Self.json(metrics)
                }
            ),
        ]
    }

    private static let instanceForm =
        #"^[A-Za-z][A-Za-z0-9_]*#[0-9]+(\.[A-Za-z][A-Za-z0-9_]*#[0-9]+)*$"#

    private func link() async throws -> Response {
        guard let body = try await backend.linkBody() else {
            throw Refusal(404, "no_link", "This node has no chain. Send write_link over the WebSocket to give it one.")
        }
        return Self.response(body)
    }

    private func devices() async throws -> Response {
        let devices: AudioDevices
        do throws(ControlError) {
            devices = try await backend.audioDevices()
        } catch {
            throw Refusal(503, error.code.rawValue, error.message)
        }
        return try Self.json(AudioDevicesBody(devices))
    }
}
