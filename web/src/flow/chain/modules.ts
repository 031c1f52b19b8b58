import type { ChainNode } from "../../node/types";
import { chainShown, dropUnused, inOrder, makeExplicit, renumber, settle } from "./at";
import type { At } from "./at";
import { freeChainKey, freeInstanceID } from "./ids";
import { BOUNDARY, EditError, endOf, nodeOf, SUBGRAPH } from "./model";
import type { End } from "./model";
import { describeOuterPorts, describePorts } from "./ports";
import { addEdge } from "./wires";

/** A point of the drawing, in its own units: CSS pixels at zoom 1. */
export interface Point {
    x: number;
    y: number;
}

/** The id that the next module of a type will get. */
export function nextID(at: At, moduleType: string): string {
    const name = moduleType === SUBGRAPH ? "group" : at.library[moduleType]?.instanceName;
    if (!name) throw new EditError(`There is no module type “${moduleType}”.`);
    return freeInstanceID(chainShown(at), name);
}

/** Adds a module, or an empty sub-graph that passes its input on. It is not connected. `id` must be free. */
export function addNode(at: At, moduleType: string, id: string, position: Point): void {
    const chain = chainShown(at);
    if (chain.nodes.some((node) => node.instanceId === id)) throw new EditError(`There is a ${id} already.`);
    makeExplicit(at);
    const node: ChainNode = {
        instanceId: id,
        moduleType,
        order: chain.nodes.reduce((last, each) => Math.max(last, each.order ?? 0), -1) + 1,
        enabled: true,
        position: { ...position },
        ports: [],
    };
    if (moduleType === SUBGRAPH) {
        node.subGraphId = addEmptyChain(at, id.replace("#", ""));
        node.ports = describeOuterPorts(at.link, at.link.chains[node.subGraphId]);
    } else {
        const type = at.library[moduleType];
        if (!type) throw new EditError(`There is no module type “${moduleType}”.`);
        node.ports = describePorts(type.ports);
    }
    chain.nodes.push(node);
}

function addEmptyChain(at: At, name: string): string {
    const key = freeChainKey(at.link, name);
    const port = { channels: -1, sampleRate: -1, required: true };
    at.link.chains[key] = {
        id: key,
        name: "Group",
        externalPorts: [
            { ...port, id: "in", direction: "input", label: "In" },
            { ...port, id: "out", direction: "output", label: "Out" },
        ],
        nodes: [],
        edges: [],
    };
    addEdge({ ...at, key }, { module: BOUNDARY, port: "in" }, { module: BOUNDARY, port: "out" });
    return key;
}

/**
 * Takes modules out with their wires. With `bridge`, what came in at a module's first input goes on to where its
 * outputs led, so that the signal still passes. Chains that nothing contains any more go too.
 */
export function removeNodes(at: At, ids: readonly string[], bridge: boolean): void {
    makeExplicit(at);
    const chain = chainShown(at);
    const gone = new Set(ids);
    const inside = chain.nodes.filter((node) => gone.has(node.instanceId)).map((node) => node.subGraphId);
    const cut = chain.edges.filter((edge) => gone.has(edge.fromModule) && !gone.has(edge.toModule));
    const bridges = bridge ? cut.map((edge) => ({ edge, from: sourceBefore(at, edge.fromModule, gone) })) : [];
    chain.edges = chain.edges.filter((edge) => !gone.has(edge.fromModule) && !gone.has(edge.toModule));
    for (const { edge, from } of bridges) if (from) addEdge(at, from, endOf(edge), edge);
    chain.nodes = chain.nodes.filter((node) => !gone.has(node.instanceId));
    dropUnused(at.link, inside);
    settle(at.link, at.library);
}

/** What feeds the first input of a module, going back through modules that are taken out as well. */
function sourceBefore(at: At, id: string, gone: ReadonlySet<string>): End | undefined {
    const chain = chainShown(at);
    const seen = new Set<string>();
    for (let module = id; !seen.has(module); ) {
        seen.add(module);
        const input = nodeOf(chain, module).ports?.find((port) => port.direction === "input")?.id ?? "in";
        const edge = chain.edges.find((each) => each.toModule === module && each.toPort === input);
        if (!edge) return undefined;
        if (!gone.has(edge.fromModule)) return { module: edge.fromModule, port: edge.fromPort };
        module = edge.fromModule;
    }
    return undefined;
}

/** Gives a module a name of its own; an empty one takes it away. The id, which values hang on, stays. */
export function rename(at: At, id: string, name: string): void {
    const node = nodeOf(chainShown(at), id);
    const trimmed = name.trim();
    if (trimmed) node.name = trimmed;
    else delete node.name;
}

/** Lets modules process, or pass their input on untouched. */
export function setEnabled(at: At, ids: readonly string[], enabled: boolean): void {
    const chain = chainShown(at);
    for (const id of ids) nodeOf(chain, id).enabled = enabled;
}

/** Puts modules elsewhere on the drawing. */
export function place(at: At, positions: ReadonlyMap<string, Point>): void {
    for (const node of chainShown(at).nodes) {
        const position = positions.get(node.instanceId);
        if (position) node.position = { ...node.position, x: Math.round(position.x), y: Math.round(position.y) };
    }
}

/**
 * Moves modules one place forward or back in the processing order, which decides among modules that are independent.
 */
export function reorder(at: At, id: string, by: 1 | -1): void {
    const chain = chainShown(at);
    const ids = inOrder(chain);
    const from = ids.indexOf(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= ids.length) return;
    [ids[from], ids[to]] = [ids[to], ids[from]];
    renumber(chain, ids);
}
