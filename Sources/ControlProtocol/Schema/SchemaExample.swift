import ChainModel
import WireFormats

/// Made-up values that look as real ones do, by the names of fields.
struct SchemaExample {
    /// What belongs to one kind of message only.
    private let own: [String: JSONValue]

    init(of message: String) {
        own = Self.byMessage[message] ?? [:]
    }

    /// A value of a schema: required keys, and of the others those that are usual.
    func value(of schema: JSONSchema, named name: String = "") -> JSONValue {
        if let value = own[name] ?? Self.byField[name] { return value }
        switch schema {
        case .any: return .object([:])
        case .boolean: return true
        case .wholeNumber(let minimum, _): return .integer(max(minimum ?? 0, 0))
        case .number: return 0
        case .string, .pattern, .binary: return ""
        case .enumeration(let values): return .string(values.first ?? "")
        case .array(let element): return .array([value(of: element)])
        case .map: return .object([:])
        case .object(let properties):
            let shown = properties.filter { $0.isRequired || isUsual($0.name) }
            return .object(
                Dictionary(uniqueKeysWithValues: shown.map { ($0.name, value(of: $0.schema, named: $0.name)) })
            )
        case .oneOf(let choices): return choices.first.map { value(of: $0) } ?? .null
        }
    }

    private func isUsual(_ name: String) -> Bool {
        own[name] != nil || Self.usual.contains(name)
    }

    /// Fields that may be absent but are worth showing.
    private static let usual: Set = ["name", "input", "output"]

    private static let byField: [String: JSONValue] = [
        "instanceId": "gain#1",
        "paramId": "gainDb#0",
        "presetId": "bass_boost",
        "profileId": "night",
        "requestId": 7,
        "name": "Bass Boost",
        "timestamp": 1_700_000_000_000,
        "client": "tablet",
        "title": "gain#1 gainDb#0: -3.5 → -12",
        "mode": "tuning",
        "sampleRate": 48000,
        "sampleRates": [44100, 48000, 96000],
        "channels": 2,
        "protocol": "none",
        "devices": [],
        "link": SchemaExample.chain,
        "chain": SchemaExample.chain,
        "loadedModules": ["gain#1", "eq#1", "delay#1", "limiter#1"],
        "modulePresets": .members(["gain#1": "bass_boost", "eq#1": "flat"]),
    ]

    private static let gain: JSONValue = .members(["gainDb#0": "-3.5", "gainDb#1": "-3.5", "enable": "true"])

    private static let byMessage: [String: [String: JSONValue]] = [
        "ack": ["of": "debug_subscribe"],
        "apply_params": ["params": .members(["gainDb#0": .number(-3.5), "mute#0": false])],
        "audio_device_ack": ["deviceName": "default"],
        "audio_device_list": [
            "devices": [
                .members([
                    "index": 0, "id": "output:default", "name": "default", "direction": "output", "hostApi": "ALSA",
                    "sampleRate": 48000, "sampleRates": [44100, 48000, 96000], "channels": 2, "isDefault": true,
                ])
            ]
        ],
        "audio_engine_started": ["deviceName": "none"],
        "audio_engine_status": [
            "cpuPercent": .number(7.5), "memoryMB": .number(48.25), "deviceName": "none", "latencySamples": 312,
        ],
        "debug_metrics": [
            "cpuLoad": .number(1.5),
            "blockTimeUs": .members(["p50": 62, "p99": 85, "p999": 120, "max": 410]),
            "modules": .members([
                "gain#1": .members([
                    "processTimeUs": .number(2.5), "outputRmsDb": [.number(-18.5), -120],
                    "outputPeakDb": [.number(-6.25), -120], "latencySamples": 0,
                ])
            ]),
        ],
        "debug_subscribe": ["intervalMs": 500],
        "diff_presets": ["otherId": "flat"],
        "dsp_status": ["connected": false],
        "error": ["code": "bad_field", "message": "The field must be a string.", "field": "instanceId"],
        "get_all_params": ["instanceId": "gain#1"],
        "get_all_params_ack": ["instanceId": "gain#1", "params": gain],
        "get_history": ["limit": 20],
        "get_param_ack": ["value": "-3.5"],
        "history": ["id": 41, "canUndo": true, "canRedo": false, "undone": false],
        "link_updated": ["origin": "tablet"],
        "log_stream": ["level": "INFO", "source": "engine", "message": "The simulation runs."],
        "module_library": [
            "modules": [
                .members([
                    "moduleType": "limiter_v1", "typeId": "0x16678001", "instanceName": "limiter",
                    "ports": [
                        .members(["id": "in", "direction": "input", "channels": -1, "required": true]),
                        .members(["id": "out", "direction": "output", "channels": -1, "required": true]),
                    ],
                    "params": [
                        .members([
                            "name": "ceilingDb", "paramTypeId": 1, "dataType": "float", "dims": [], "minValue": -40,
                            "maxValue": 0, "defaultValue": .number(-0.3), "unit": "dBFS", "role": "tunable",
                            "change": "ramped",
                        ])
                    ],
                ])
            ]
        ],
        "module_params": ["params": gain],
        "param_update": ["value": "-3.5"],
        "preset_data": ["params": gain],
        "preset_diff": [
            "otherId": "flat",
            "differences": [.members(["paramId": "gainDb#0", "value": "-3.5", "other": "0.0"])],
        ],
        "preset_list": [
            "presets": [.members(["presetId": "bass_boost", "name": "Bass Boost", "params": gain])],
            "loaded": "bass_boost", "changed": false,
        ],
        "preset_state": ["presetId": "bass_boost"],
        "profile_data": ["name": "Night"],
        "profile_list": [
            "profiles": [
                .members(["profileId": "night", "name": "Night", "modulePresets": .members(["gain#1": "bass_boost"])])
            ]
        ],
        "redo_ack": ["entry": entry(undone: false), "instanceId": "gain#1", "params": .members(["gainDb#0": "-12"])],
        "save_preset": ["params": .members(["gainDb#0": .number(-3.5), "mute#0": false])],
        "save_profile": ["name": "Night"],
        "set_audio_device": ["deviceId": "output:default"],
        "set_param": ["value": .number(-3.5), "paramId": "gainDb", "channel": 0],
        "sim_start": [
            "input": .members(["type": "file", "path": "program.wav", "loop": true]),
            "output": .members(["type": "none"]),
        ],
        "undo_ack": ["entry": entry(undone: true), "instanceId": "gain#1", "params": .members(["gainDb#0": "-3.5"])],
        "write_link_ack": ["transition": "crossfade"],
    ]

    private static func entry(undone: Bool) -> JSONValue {
        .members([
            "id": 41, "timestamp": 1_700_000_000_000, "client": "tablet", "kind": "parameters",
            "title": "gain#1 gainDb#0: -3.5 → -12", "undone": .bool(undone),
        ])
    }

    /// The smallest legal chain.
    private static let chain: JSONValue = .members([
        "version": "2.2",
        "rootChainId": "main",
        "global": .members(["channels": 2, "sampleRate": 48000, "frameSize": 240]),
        "chains": .members([
            "main": .members([
                "id": "main",
                "name": "Main",
                "nodes": [.members(["instanceId": "gain#1", "moduleType": "channel_gain_v1"])],
                "edges": [
                    .members([
                        "id": "e1", "fromModule": "$io", "fromPort": "in", "toModule": "gain#1", "toPort": "in",
                    ]),
                    .members([
                        "id": "e2", "fromModule": "gain#1", "fromPort": "out", "toModule": "$io", "toPort": "out",
                    ]),
                ],
            ])
        ]),
    ])
}
