import type { Fault, LinkConfig } from "../../node/types";
import { keyOf } from "./local";
import type { LocalChain } from "./local";
import { BOUNDARY, SUBGRAPH } from "./model";
import type { End } from "./model";
import type { Channels, ResolvedPort, Stated } from "./ports";

type Kind = "externalInput" | "externalOutput" | "moduleInput" | "moduleOutput" | "junction";

/**
 * A port somewhere in the expanded chain; a junction is an external port of a sub-graph, which passes on what it gets.
 */
export interface Point {
    kind: Kind;
    stated: Stated[];
    path: string;
    /** Index of the module, for module ports. */
    module: number;
    /** Index of the point that feeds this one. */
    source?: number;
    wire?: Stated;
    wirePath?: string;
    /** Resolved; undefined where another fault hides it. */
    channels?: number;
}

/** A module of the expanded chain. */
export interface FlatModule {
    /** `group#1.gain#1` */
    id: string;
    path: string;
    enabled: boolean;
    /** Undefined: an unknown type. */
    types?: { inputs: Channels[]; outputs: Channels[] };
    inputs: number[];
    outputs: number[];
}

/** The root chain with every sub-graph expanded. */
export interface Signal {
    points: Point[];
    modules: FlatModule[];
    /** Point index by `path of sub-graph ids|module port`, so that what is shown can be looked up. */
    places: Map<string, number>;
    faults: Fault[];
}

/** The key of a port in `Signal.places`; `direction` as seen from inside the chain shown. */
export function placeKey(path: readonly string[], end: End, direction: "input" | "output"): string {
    return `${path.join(".")}|${keyOf(end)}|${direction}`;
}

const DEPTH = 16;
const MODULES = 255;

/** Expands the root chain, resolves channel counts and finds circles. */
export function expand(link: LinkConfig, chains: ReadonlyMap<string, LocalChain>): Signal {
    const signal: Signal = { points: [], modules: [], places: new Map(), faults: [] };
    const root = chains.get(link.rootChainId);
    if (!root) {
        const message = `There is no chain “${link.rootChainId}”.`;
        signal.faults.push({ code: "missing_chain", path: "rootChainId", message });
        return signal;
    }
    const implied = (port: ResolvedPort) =>
        port.stated.length ? port.stated : [{ channels: link.global.channels, path: `${port.path}.channels` }];
    const inputs = root.inputs.map((port) => addPoint(signal, "externalInput", implied(port), port.path));
    const outputs = root.outputs.map((port) => addPoint(signal, "externalOutput", implied(port), port.path));
    expandChain(signal, chains, root, [], new Set([root.key]), true, inputs, outputs);
    if (signal.modules.length > MODULES) {
        const message = `With its sub-graphs the chain has ${signal.modules.length} modules; at most ${MODULES} run.`;
        signal.faults.push({ code: "too_many_modules", path: `chains.${root.key}`, message });
    }
    const order = sort(signal);
    resolveChannels(signal, order, [...inputs, ...outputs], link.global.channels);
    return signal;
}

function addPoint(signal: Signal, kind: Kind, stated: Stated[], path: string, module = -1): number {
    return signal.points.push({ kind, stated, path, module }) - 1;
}

function expandChain(
    signal: Signal,
    chains: ReadonlyMap<string, LocalChain>,
    chain: LocalChain,
    path: string[],
    around: ReadonlySet<string>,
    isEnabled: boolean,
    inputs: number[],
    outputs: number[],
): void {
    const starts = new Map<string, number>();
    const ends = new Map<string, number>();
    const place = (end: End, direction: "input" | "output", point: number) => {
        (direction === "output" ? starts : ends).set(keyOf(end), point);
        signal.places.set(placeKey(path, end, direction), point);
    };
    chain.inputs.forEach((port, at) => place({ module: BOUNDARY, port: port.id }, "output", inputs[at]));
    chain.outputs.forEach((port, at) => place({ module: BOUNDARY, port: port.id }, "input", outputs[at]));
    for (const [id, { node, ports, path: nodePath }] of chain.nodes) {
        const enabled = isEnabled && node.enabled !== false;
        const inner = node.moduleType === SUBGRAPH && node.subGraphId ? chains.get(node.subGraphId) : undefined;
        const refusal = inner && refuse(inner.key, around, path.length);
        if (refusal) signal.faults.push({ ...refusal, path: `${nodePath}.subGraphId` });
        const isOpen = inner !== undefined && !refusal;
        const number = isOpen ? -1 : signal.modules.length;
        const points = (list: ResolvedPort[], kind: Kind) =>
            list.map((port) => addPoint(signal, isOpen ? "junction" : kind, port.stated, port.path, number));
        const nodeInputs = points(ports.inputs, "moduleInput");
        const nodeOutputs = points(ports.outputs, "moduleOutput");
        ports.inputs.forEach((port, at) => place({ module: id, port: port.id }, "input", nodeInputs[at]));
        ports.outputs.forEach((port, at) => place({ module: id, port: port.id }, "output", nodeOutputs[at]));
        if (isOpen) {
            const wider = new Set(around).add(inner.key);
            expandChain(signal, chains, inner, [...path, id], wider, enabled, nodeInputs, nodeOutputs);
        } else {
            const isKnown = !ports.opaque && node.moduleType !== SUBGRAPH && !ports.inputs.some((port) => port.unknown);
            const channels = (list: ResolvedPort[]) => list.map((port) => port.channels);
            signal.modules.push({
                id: [...path, id].join("."),
                path: nodePath,
                enabled,
                types: isKnown ? { inputs: channels(ports.inputs), outputs: channels(ports.outputs) } : undefined,
                inputs: nodeInputs,
                outputs: nodeOutputs,
            });
        }
    }
    for (const wire of chain.wires) {
        const from = starts.get(keyOf(wire.from));
        const to = ends.get(keyOf(wire.to));
        if (from === undefined || to === undefined) continue;
        Object.assign(signal.points[to], { source: from, wire: wire.stated, wirePath: wire.path });
    }
}

function refuse(key: string, around: ReadonlySet<string>, depth: number): Omit<Fault, "path"> | undefined {
    if (around.has(key)) {
        return { code: "circular_subgraph", message: `The chain “${key}” would contain itself.` };
    }
    if (depth < DEPTH) return undefined;
    return { code: "nested_too_deep", message: `Sub-graphs nest at most ${DEPTH} deep.` };
}

/** The point where the signal at a point comes from; undefined when junctions only feed each other. */
export function originOf(signal: Signal, point: number): number | undefined {
    let at = point;
    for (let hops = 0; hops <= signal.points.length; hops += 1) {
        const { kind, source } = signal.points[at];
        if (kind === "externalInput" || kind === "moduleOutput" || source === undefined) return at;
        at = source;
    }
    return undefined;
}

/** The module whose output a point carries, if it is one's. */
function sourceModule(signal: Signal, point: number): number | undefined {
    const origin = originOf(signal, point);
    if (origin === undefined || signal.points[origin].kind !== "moduleOutput") return undefined;
    return signal.points[origin].module;
}

/** Modules in processing order as far as it goes; what is left stands in circles or behind them. */
function sort(signal: Signal): number[] {
    const feeders = signal.modules.map((module) => {
        const sources = module.inputs.map((input) => sourceModule(signal, input));
        return new Set(sources.filter((source): source is number => source !== undefined));
    });
    const successors = signal.modules.map((): number[] => []);
    feeders.forEach((sources, module) => sources.forEach((source) => successors[source].push(module)));
    const waiting = feeders.map((sources) => sources.size);
    const order = signal.modules.map((_, module) => module).filter((module) => waiting[module] === 0);
    for (let at = 0; at < order.length; at += 1) {
        for (const next of successors[order[at]]) {
            waiting[next] -= 1;
            if (waiting[next] === 0) order.push(next);
        }
    }
    nameCircles(signal, successors, new Set(order));
    nameJunctionCircles(signal);
    return order;
}

/** A fault at every wire that runs within a circle of modules. */
function nameCircles(signal: Signal, successors: number[][], placed: ReadonlySet<number>): void {
    const left = signal.modules.map((_, module) => module).filter((module) => !placed.has(module));
    const reach = new Map(left.map((module) => [module, reachable(module, successors)]));
    for (const module of left) {
        for (const input of signal.modules[module].inputs) {
            const source = sourceModule(signal, input);
            if (source === undefined || !reach.get(module)?.has(source)) continue;
            const [from, to] = [signal.modules[source].id, signal.modules[module].id];
            const message =
                source === module
                    ? `${to} feeds itself; a chain must not have circles.`
                    : `${from} and ${to} feed each other in a circle; take one of its wires out.`;
            signal.faults.push({
                code: "cycle",
                path: signal.points[input].wirePath ?? signal.modules[module].path,
                message,
            });
        }
    }
}

function nameJunctionCircles(signal: Signal): void {
    signal.points.forEach((point, index) => {
        if (point.kind !== "junction" || point.wirePath === undefined || originOf(signal, index) !== undefined) return;
        const message = "This wire is part of a circle of sub-graphs that pass their own output back in.";
        signal.faults.push({ code: "cycle", path: point.wirePath, message });
    });
}

function reachable(start: number, successors: number[][]): Set<number> {
    const seen = new Set<number>();
    const open = [...successors[start]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...successors[next]);
    }
    return seen;
}

/**
 * The rules of the engine: an input takes the channels of its wire; an output those of the module's first input unless
 * its type fixes them or leaves them free.
 */
function resolveChannels(signal: Signal, order: number[], external: number[], globalChannels: number): void {
    const { points } = signal;
    const stated = (point: number) => points[point].stated[0]?.channels;
    const fallback = external.map(stated).find((count) => count !== undefined) ?? globalChannels;
    for (const point of points) if (point.kind === "externalInput") point.channels = point.stated[0]?.channels;
    for (const index of order) {
        const { types, inputs, outputs } = signal.modules[index];
        if (!types) {
            for (const output of outputs) points[output].channels = stated(output);
            continue;
        }
        inputs.forEach((input, at) => {
            const first = at ? points[inputs[0]].channels : undefined;
            points[input].channels = inputChannels(signal, input, types.inputs[at], first, fallback);
        });
        outputs.forEach((output, at) => {
            const type = types.outputs[at];
            const own = stated(output);
            if (typeof type === "number") points[output].channels = type;
            else if (type === "free" && own !== undefined) points[output].channels = own;
            else points[output].channels = inputs.length ? points[inputs[0]].channels : own ?? fallback;
        });
    }
    points.forEach((point, index) => {
        if (point.kind === "junction" || point.kind === "externalOutput") {
            const origin = originOf(signal, index);
            point.channels = origin === undefined || origin === index ? stated(index) : points[origin].channels;
        }
    });
    compareChannels(signal);
}

function inputChannels(
    signal: Signal,
    point: number,
    type: Channels,
    first: number | undefined,
    fallback: number,
): number | undefined {
    if (typeof type === "number") return type;
    const origin = originOf(signal, point);
    if (origin === undefined) return undefined;
    const { kind, channels, stated } = signal.points[origin];
    if (kind === "externalInput" || kind === "moduleOutput") return channels;
    return signal.points[point].stated[0]?.channels ?? stated[0]?.channels ?? first ?? fallback;
}

/** Compares what is stated at points and wires with what is there; a place is reported once. */
function compareChannels(signal: Signal): void {
    const reported = new Set<string>();
    const report = (path: string, message: string) => {
        if (reported.has(path)) return;
        reported.add(path);
        signal.faults.push({ code: "channel_mismatch", path, message });
    };
    signal.points.forEach((point, index) => {
        if (point.kind === "externalInput") return;
        if (point.kind === "moduleOutput") {
            for (const { channels, path } of point.stated) {
                if (point.channels === undefined || channels === point.channels) continue;
                report(path, `States ${channels} channels, but the output has ${point.channels}.`);
            }
            return;
        }
        const origin = originOf(signal, index);
        if (origin === undefined || origin === index) return;
        const count = signal.points[origin].channels;
        if (count === undefined) return;
        const source = nameOf(signal, origin);
        if (point.wire && point.wire.channels !== count) {
            report(point.wire.path, `The wire states ${point.wire.channels} channels, but ${source} has ${count}.`);
        }
        const wrong = point.stated.filter(({ channels }) => channels !== count);
        for (const { channels, path } of wrong) {
            report(path, `Takes ${channels} channels, but ${source}, which leads here, has ${count}.`);
        }
        if (point.kind === "moduleInput" && !wrong.length && point.channels !== undefined && point.channels !== count) {
            report(point.path, `The module type takes ${point.channels} channels here, but ${source} has ${count}.`);
        }
    });
}

function nameOf(signal: Signal, point: number): string {
    const { kind, module } = signal.points[point];
    if (kind === "externalInput") return "the chain's input";
    return kind === "moduleOutput" ? signal.modules[module].id : "a port that nothing feeds";
}
