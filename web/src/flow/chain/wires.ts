import type { Edge } from "../../node/types";
import { chainShown, makeExplicit, settle } from "./at";
import type { At } from "./at";
import { inspect } from "./check";
import { freeEdgeID } from "./ids";
import { keyOf, readChain } from "./local";
import { BOUNDARY, copyOf, EditError, endOf, sameEnd, startOf } from "./model";
import type { End } from "./model";

/** Connects an output with an input. A wire that led to the input before is replaced. Returns the edge's id. */
export function connect(at: At, from: End, to: End): string {
    makeExplicit(at);
    const refusal = directionFault(at, from, to);
    if (refusal) throw new EditError(refusal);
    const chain = chainShown(at);
    const same = chain.edges.find((edge) => sameEnd(startOf(edge), from) && sameEnd(endOf(edge), to));
    if (same) return same.id;
    chain.edges = chain.edges.filter((edge) => !sameEnd(endOf(edge), to));
    const id = addEdge(at, from, to);
    settle(at.link, at.library);
    return id;
}

/** Adds an edge without looking; for edits that have looked. */
export function addEdge(at: At, from: End, to: End, like?: Edge): string {
    const chain = chainShown(at);
    const id = freeEdgeID(chain);
    const kept = like ? copyOf(like) : { channels: -1, sampleRate: -1 };
    const ends = { fromModule: from.module, fromPort: from.port, toModule: to.module, toPort: to.port };
    chain.edges.push({ ...kept, id, ...ends });
    return id;
}

/** Takes wires out. Wires that are gone already are no fault. */
export function disconnect(at: At, edges: readonly string[]): void {
    makeExplicit(at);
    const chain = chainShown(at);
    chain.edges = chain.edges.filter((edge) => !edges.includes(edge.id));
    settle(at.link, at.library);
}

/** Leads one end of a wire elsewhere; the wire keeps its id and whatever else it carries. */
export function reconnect(at: At, edge: string, ends: { from?: End; to?: End }): void {
    makeExplicit(at);
    const chain = chainShown(at);
    const wire = chain.edges.find((each) => each.id === edge);
    if (!wire) throw new EditError("The wire is not there any more.");
    const from = ends.from ?? startOf(wire);
    const to = ends.to ?? endOf(wire);
    const refusal = directionFault(at, from, to);
    if (refusal) throw new EditError(refusal);
    chain.edges = chain.edges.filter((each) => each === wire || !sameEnd(endOf(each), to));
    Object.assign(wire, { fromModule: from.module, fromPort: from.port, toModule: to.module, toPort: to.port });
    settle(at.link, at.library);
}

/** Puts a module that is not wired yet into a wire: through its first input and its first output. */
export function insertOnEdge(at: At, edge: string, id: string): void {
    makeExplicit(at);
    const chain = chainShown(at);
    const wire = chain.edges.find((each) => each.id === edge);
    if (!wire) throw new EditError("The wire is not there any more.");
    const through = throughPorts(at, id);
    if (!through) throw new EditError(`${id} has no free input and output to put into a wire.`);
    const to = endOf(wire);
    Object.assign(wire, { toModule: id, toPort: through.input });
    addEdge(at, { module: id, port: through.output }, to, wire);
    settle(at.link, at.library);
}

/** The first input and output of a module that no wire touches; undefined when there are not both. */
export function throughPorts(at: At, id: string): { input: string; output: string } | undefined {
    const local = readChain(at.link, at.library, at.key);
    const node = local.nodes.get(id);
    const edges = chainShown(at).edges;
    if (!node || edges.some((edge) => edge.fromModule === id || edge.toModule === id)) return undefined;
    const [input] = node.ports.inputs;
    const [output] = node.ports.outputs;
    return input && output && { input: input.id, output: output.id };
}

/** Why two ends cannot be joined whatever else the chain holds; undefined when they can. */
function directionFault(at: At, from: End, to: End): string | undefined {
    const local = readChain(at.link, at.library, at.key);
    const side = (end: End, direction: "input" | "output") => {
        if (end.module === BOUNDARY) return direction === "output" ? local.inputs : local.outputs;
        const ports = local.nodes.get(end.module)?.ports;
        return ports && (direction === "output" ? ports.outputs : ports.inputs);
    };
    const starts = side(from, "output");
    const ends = side(to, "input");
    if (!starts || !ends) return `${starts ? to.module : from.module} is not in this chain any more.`;
    if (!starts.some((port) => port.id === from.port)) return "A wire begins at an output.";
    if (!ends.some((port) => port.id === to.port)) return "A wire ends at an input.";
    if (from.module === to.module && from.module !== BOUNDARY) return "A module cannot feed itself.";
    return undefined;
}

/**
 * Why a wire between two ends would be wrong, in a sentence; undefined when it would be right. Tries it out on a copy,
 * so that what the wire changes further down is judged too. `replacing` is a wire that would move.
 */
export function reasonAgainst(at: At, from: End, to: End, replacing?: string): string | undefined {
    const trial: At = { ...at, link: copyOf(at.link) };
    const known = new Set(inspect(trial.link, trial.library).faults.map((fault) => `${fault.code} ${fault.message}`));
    try {
        if (replacing !== undefined) disconnect(trial, [replacing]);
        connect(trial, from, to);
    } catch (error) {
        if (error instanceof EditError) return error.message;
        throw error;
    }
    const added = inspect(trial.link, trial.library).faults.find(
        (fault) => fault.code !== "unconnected_port" && !known.has(`${fault.code} ${fault.message}`),
    );
    return added?.message;
}

/** Ends a wire from `from` may lead to without making a circle, by `keyOf`; fast enough for every pointer press. */
export function possibleEnds(at: At, from: End): Set<string> {
    const local = readChain(at.link, at.library, at.key);
    const upstream = new Set([from.module]);
    const open = from.module === BOUNDARY ? [] : [from.module];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
        for (const wire of local.wires) {
            if (wire.to.module !== id || wire.from.module === BOUNDARY || upstream.has(wire.from.module)) continue;
            upstream.add(wire.from.module);
            open.push(wire.from.module);
        }
    }
    const ends = new Set(local.outputs.map((port) => keyOf({ module: BOUNDARY, port: port.id })));
    for (const [module, { ports }] of local.nodes) {
        if (upstream.has(module)) continue;
        for (const port of ports.inputs) ends.add(keyOf({ module, port: port.id }));
    }
    return ends;
}

/** Ends a wire to `to` may come from without making a circle, by `keyOf`. */
export function possibleStarts(at: At, to: End): Set<string> {
    const local = readChain(at.link, at.library, at.key);
    const downstream = new Set([to.module]);
    const open = to.module === BOUNDARY ? [] : [to.module];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
        for (const wire of local.wires) {
            if (wire.from.module !== id || wire.to.module === BOUNDARY || downstream.has(wire.to.module)) continue;
            downstream.add(wire.to.module);
            open.push(wire.to.module);
        }
    }
    const starts = new Set(local.inputs.map((port) => keyOf({ module: BOUNDARY, port: port.id })));
    for (const [module, { ports }] of local.nodes) {
        if (downstream.has(module)) continue;
        for (const port of ports.outputs) starts.add(keyOf({ module, port: port.id }));
    }
    return starts;
}
