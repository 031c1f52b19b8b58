// The node's state as the page knows it, and what each message does to it. Pure.
import type {
    CompareStatus, EngineStatus, Extension, Fault, HistoryEntry, LinkConfig, LogLine, Metrics, ModuleType, OutputStatus, PresetList,
    Profile, TransportStatus, WireMessage,
} from "./types";
import type { ConnectionState, Refusal } from "./connectionMachine";

export interface NodeState {
    connection: ConnectionState;
    /** when the connection was lost; null while there is one */
    lostSince: number | null;
    /** why the node does not let the page in */
    refusal: Refusal | null;
    /** whether everything has been read since the connection came */
    isLoaded: boolean;
    version: string;
    clientName: string;
    mode: string;
    /** the chain as it is shown: edits that are on their way included */
    link: LinkConfig | null;
    library: Record<string, ModuleType>;
    engine: EngineStatus | null;
    metrics: Metrics | null;
    output: OutputStatus | null;
    transport: TransportStatus | null;
    compare: CompareStatus | null;
    /** of the last refused write_link */
    faults: Fault[];
    presets: Record<string, PresetList>;
    profiles: Profile[];
    history: HistoryEntry[];
    canUndo: boolean;
    canRedo: boolean;
    log: LogLine[];
    /** requests that this node does not know: it is older than the page */
    missing: string[];
    /** core by flattened id; empty until the node tells */
    cores: { count: number; assignments: Record<string, number> };
    extensions: Extension[];
}

export const emptyState: NodeState = {
    connection: "connecting",
    lostSince: null,
    refusal: null,
    isLoaded: false,
    version: "",
    clientName: "",
    mode: "",
    link: null,
    library: {},
    engine: null,
    metrics: null,
    output: null,
    transport: null,
    compare: null,
    faults: [],
    presets: {},
    profiles: [],
    history: [],
    canUndo: false,
    canRedo: false,
    log: [],
    missing: [],
    cores: { count: 1, assignments: {} },
    extensions: [],
};

const noEngine: EngineStatus = {
    isRunning: false, deviceName: "", sampleRate: 0, cpuPercent: 0, cpuLoad: 0, memoryMB: 0, loadedModules: [],
    latencySamples: 0, deviceLatencySamples: 0, clippedSamples: 0, droppedFrames: 0, inputChannels: 0, outputChannels: 0,
    frameSize: 0, cores: 1,
};

const noMetrics: Metrics = {
    timestamp: 0, cpuLoad: 0, droppedFrames: 0, blockTimeUs: { p50: 0, p99: 0, p999: 0, max: 0 }, modules: {},
    inputPeakDb: [], inputRmsDb: [], outputPeakDb: [], outputRmsDb: [], coreLoads: [],
};

/** The message without what belongs to the envelope. */
function body<T>(message: WireMessage): T {
    const { type: _type, requestId: _requestId, ...rest } = message;
    return rest as unknown as T;
}

/**
 * What a message changes. `of` is the request that it answers, if it is an answer.
 *
 * Values of parameters and the chain are kept elsewhere; refusals change nothing.
 */
export function reduce(state: NodeState, message: WireMessage, of?: string): Partial<NodeState> | null {
    if (message.success === false) return null;
    switch (message.type) {
        case "dsp_status":
        case "mode_changed":
            return typeof message.mode === "string" && message.mode !== state.mode ? { mode: message.mode } : null;
        case "module_library": {
            const { modules } = body<{ modules: ModuleType[] }>(message);
            return { library: Object.fromEntries(modules.map((module) => [module.moduleType, module])) };
        }
        case "audio_engine_status":
            return { engine: { ...noEngine, ...body<Partial<EngineStatus>>(message) } };
        case "sim_status":
            return withRunning(state, message.running === true);
        case "audio_engine_started":
            return withRunning(state, true);
        case "audio_engine_stopped":
            return withRunning(state, false);
        case "debug_metrics":
            return { metrics: { ...noMetrics, ...body<Partial<Metrics>>(message) } };
        case "output_status":
            // Without audition the field is absent.
            return { output: { ...body<OutputStatus>(message), audition: body<OutputStatus>(message).audition ?? null } };
        case "transport_status":
            return { transport: body<TransportStatus>(message) };
        case "compare_status":
            return { compare: body<CompareStatus>(message) };
        case "thread_assignments": {
            const { cores, assignments } = body<{ cores: number; assignments: Record<string, number> }>(message);
            return { cores: { count: cores, assignments } };
        }
        case "extension_list":
            return body<{ extensions: Extension[] }>(message);
        case "preset_list": {
            const list = body<PresetList>(message);
            return { presets: { ...state.presets, [list.instanceId]: list } };
        }
        case "preset_state":
            return presetState(state, body<{ instanceId: string; presetId?: string; changed: boolean }>(message));
        case "profile_list":
            return { profiles: body<{ profiles: Profile[] }>(message).profiles };
        case "history": {
            const history = body<{ entries: HistoryEntry[]; canUndo: boolean; canRedo: boolean }>(message);
            // Older parts, which a reader asks for, are not the present state.
            if (of !== undefined && of !== "get_history") return null;
            if (state.isLoaded && isOlderPart(state.history, history.entries)) return null;
            return { history: history.entries, canUndo: history.canUndo, canRedo: history.canRedo };
        }
        default:
            return null;
    }
}

/** Whether entries are from before those that are known: somebody has asked for an older part. */
function isOlderPart(known: HistoryEntry[], entries: HistoryEntry[]): boolean {
    return known.length > 0 && entries.length > 0 && entries[0].id < known[known.length - 1].id;
}

function withRunning(state: NodeState, isRunning: boolean): Partial<NodeState> | null {
    if (state.engine === null || state.engine.isRunning === isRunning) return null;
    return { engine: { ...state.engine, isRunning } };
}

function presetState(
    state: NodeState,
    message: { instanceId: string; presetId?: string; changed: boolean },
): Partial<NodeState> {
    const { instanceId, presetId, changed } = message;
    const known = state.presets[instanceId] ?? { instanceId, presets: [] };
    const list: PresetList = { instanceId, presets: known.presets, changed };
    if (presetId !== undefined) list.loaded = presetId;
    return { presets: { ...state.presets, [instanceId]: list } };
}

/** Lines of the log that are kept. */
export const logLimit = 2000;

/** The log with further lines. A node repeats what it kept when a page comes back: those are not taken twice. */
export function withLines(log: LogLine[], lines: Omit<LogLine, "serial">[]): LogLine[] {
    const newest = log.length > 0 ? log[log.length - 1].timestamp : -Infinity;
    const known = lines.some((line) => line.timestamp <= newest) ? new Set(log.map(lineName)) : new Set<string>();
    const fresh = lines.filter((line) => line.timestamp > newest || !known.has(lineName(line)));
    if (fresh.length === 0) return log;
    let serial = log.length > 0 ? log[log.length - 1].serial : 0;
    const numbered = fresh.map((line): LogLine => ({ ...line, serial: (serial += 1) }));
    return [...log, ...numbered].slice(-logLimit);
}

function lineName(line: Omit<LogLine, "serial">): string {
    return `${line.timestamp} ${line.source} ${line.message}`;
}
