// What the node sends and takes, named as the messages' fields. Times are milliseconds since 1970, levels dB.

/** A parameter's value as a message may give it. */
export type Scalar = number | boolean | string;

/** A port of a module or of a chain. −1 channels or rate: inherited along the wire. */
export interface Port {
    id: string;
    direction: "input" | "output";
    channels: number;
    sampleRate: number;
    label: string;
    required: boolean;
    [key: string]: unknown;
}

/** A module, or a sub-graph (`moduleType` "subgraph"), in a chain. */
export interface ChainNode {
    instanceId: string;
    moduleType: string;
    order: number;
    enabled: boolean;
    position: { x: number; y: number };
    ports: Port[];
    subGraphId?: string;
    name?: string;
    [key: string]: unknown;
}

/** A wire. The chain's own ends are ports of the module "$io". */
export interface Edge {
    id: string;
    fromModule: string;
    fromPort: string;
    toModule: string;
    toPort: string;
    channels: number;
    sampleRate: number;
    [key: string]: unknown;
}

export interface Chain {
    id: string;
    name: string;
    externalPorts: Port[];
    nodes: ChainNode[];
    edges: Edge[];
    [key: string]: unknown;
}

/** The whole chain file. Unknown keys are kept. */
export interface LinkConfig {
    version: string;
    rootChainId: string;
    global: { channels: number; sampleRate: number; frameSize: number };
    chains: Record<string, Chain>;
    [key: string]: unknown;
}

/** One parameter of a module type. */
export interface ParameterSchema {
    name: string;
    paramTypeId: number;
    dataType: "float" | "int32" | "uint8" | "bool" | "enum" | "floatArray";
    /** channel, band, split, output, input */
    dims: ("c" | "b" | "k" | "o" | "i")[];
    minValue?: number;
    maxValue?: number;
    /** `maxValue` is a part of the sample rate. */
    maxIsOfRate?: boolean;
    defaultValue?: Scalar;
    unit: string;
    role: "tunable" | "system";
    change: "ramped" | "switched";
    /** names of an enumeration's values */
    values?: string[];
}

/** A port as the library describes it. Channels: −1 inherited, 0 free to choose. */
export interface PortSchema {
    id: string;
    direction: "input" | "output";
    channels: number;
    required: boolean;
    [key: string]: unknown;
}

export interface ModuleType {
    moduleType: string;
    /** hexadecimal, "0x…" */
    typeId: string;
    instanceName: string;
    ports: PortSchema[];
    params: ParameterSchema[];
}

/** `audio_engine_status`. What an older node leaves out is filled in with 0, cores with 1. */
export interface EngineStatus {
    isRunning: boolean;
    deviceName: string;
    sampleRate: number;
    /** of the process, percent */
    cpuPercent: number;
    /** of the frame period, percent */
    cpuLoad: number;
    memoryMB: number;
    loadedModules: string[];
    /** from the engine's input to its output */
    latencySamples: number;
    deviceLatencySamples: number;
    clippedSamples: number;
    droppedFrames: number;
    inputChannels: number;
    outputChannels: number;
    frameSize: number;
    cores: number;
    /** why it stopped */
    failure?: string;
}

export interface ModuleMetrics {
    /** absent until the module has run once */
    processTimeUs?: number;
    outputRmsDb: number[];
    outputPeakDb: number[];
    latencySamples: number;
}

/** `debug_metrics`. What an older node leaves out is empty. */
export interface Metrics {
    timestamp: number;
    /** percent of the frame period */
    cpuLoad: number;
    droppedFrames: number;
    blockTimeUs: { p50: number; p99: number; p999: number; max: number };
    /** by flattened instance id */
    modules: Record<string, ModuleMetrics>;
    inputPeakDb: number[];
    inputRmsDb: number[];
    outputPeakDb: number[];
    outputRmsDb: number[];
    /** percent, one a core */
    coreLoads: number[];
}

/** `output_status`: everything behind the chain. */
export interface OutputStatus {
    levelDb: number;
    muteMask: number;
    muted: boolean;
    dimmed: boolean;
    dimDb: number;
    panic: boolean;
    bypassed: boolean;
    matched: boolean;
    matchDb: number;
    /** the band that is soloed while somebody drags it; null for none */
    audition: { freq: number; q: number } | null;
    onCard: boolean;
}

/** `transport_status`: what plays from where to where. */
export interface TransportStatus {
    /** `channels`: of a card, from 1, one for each channel of the chain, 0 for none; absent: in order */
    input: {
        type: string; path?: string; deviceName?: string; channels?: number[]; loop?: boolean; [key: string]: unknown;
    };
    output: { type: string; path?: string; deviceName?: string; channels?: number[]; [key: string]: unknown };
    running: boolean;
    seekable: boolean;
    pausable: boolean;
    playing: boolean;
    loop: boolean;
    positionMs: number;
    /** 0: endless */
    durationMs: number;
    ended: boolean;
    timestamp: number;
}

/** `compare_status`: the slots A and B. */
export interface CompareStatus {
    active: "a" | "b";
    /** values that differ */
    differences: number;
    matchDb: number;
}

/** One fault of a refused chain. */
export interface Fault {
    path: string;
    code: string;
    message: string;
}

export interface Preset {
    presetId: string;
    name: string;
    params: Record<string, string>;
}

/** `preset_list` of one module, kept up by `preset_state`. */
export interface PresetList {
    instanceId: string;
    presets: Preset[];
    /** the preset loaded last */
    loaded?: string;
    /** whether a value was changed since */
    changed?: boolean;
}

export interface Profile {
    profileId: string;
    name: string;
    modulePresets: Record<string, string>;
}

/** A change, as the node's history keeps it; the newest first. */
export interface HistoryEntry {
    id: number;
    timestamp: number;
    client: string;
    kind: string;
    title: string;
    undone: boolean;
}

export interface LogLine {
    /** counts up on this page */
    serial: number;
    level: string;
    source: string;
    message: string;
    timestamp: number;
}

/** A place to measure: `instanceId` is flattened, or "$io" for the chain's own ends. Without `channel`: power mean. */
export interface SpectrumPoint {
    instanceId: string;
    port: "input" | "output";
    channel?: number;
}

/** `spectrum`: `db[i]` belongs to minHz·(maxHz/minHz)^(i/(n−1)). */
export interface SpectrumEvent {
    timestamp: number;
    minHz: number;
    maxHz: number;
    points: (SpectrumPoint & { db: number[] })[];
}

/** A program that the node runs and asks. */
export interface Extension {
    id: string;
    name: string;
    version?: string;
    description?: string;
    /** failed: it ended too often, and waits for `restart_extension` */
    state: "starting" | "ready" | "restarting" | "failed" | "stopped";
    /** methods for `call_extension` */
    handlers: string[];
    /** how often it was started again */
    restarts: number;
    /** why it ended last */
    message?: string;
    /** events that were not handed on; absent without any */
    droppedEvents?: number;
    /** the panel of this page that is for it */
    panel?: string;
}

/** Any message, before it is looked at. */
export interface WireMessage {
    type: string;
    requestId?: string | number;
    [key: string]: unknown;
}
