import type { Chain, ChainNode, Edge, Port } from "../../node/types";
import { chainShown, dropUnused, inOrder, makeExplicit, renumber, settle } from "./at";
import type { At } from "./at";
import { freeChainKey, freeInstanceID, freePortID, identifier, nameOfID } from "./ids";
import { keyOf } from "./local";
import { BOUNDARY, copyOf, EditError, endOf, nodeOf, startOf, SUBGRAPH } from "./model";
import type { End } from "./model";
import { describeOuterPorts } from "./ports";
import { addEdge } from "./wires";

/** What making or dissolving a sub-graph did: ids within the chain shown, segments joined by dots. */
export interface Regrouped {
    /** Nodes of the chain shown that came of it. */
    ids: string[];
    /** Former id → id now, for every module whose id has changed, the contents of sub-graphs included. */
    moved: Map<string, string>;
}

const WIDTH = 180;
const GAP = 60;

/** Makes a sub-graph of modules. Wires across its border become ports, one for each source. */
export function group(at: At, ids: readonly string[], name: string): Regrouped {
    makeExplicit(at);
    const chain = chainShown(at);
    const members = new Set(ids);
    const nodes = chain.nodes.filter((node) => members.has(node.instanceId));
    if (!nodes.length) throw new EditError("Select the modules that the sub-graph is to contain.");
    const key = freeChainKey(at.link, identifier(name, "group"));
    const id = freeInstanceID(chain, identifier(name, "group"));
    const inner: Chain = { id: key, name, externalPorts: [], nodes, edges: [] };
    at.link.chains[key] = inner;
    const before = inOrder(chain);
    const { edges, outer } = divide(chain, inner, members, id);
    inner.edges = edges;
    const node: ChainNode = {
        instanceId: id,
        moduleType: SUBGRAPH,
        subGraphId: key,
        order: 0,
        enabled: true,
        position: centre(nodes),
        ports: describeOuterPorts(at.link, inner),
    };
    chain.nodes = [...chain.nodes.filter((each) => !members.has(each.instanceId)), node];
    chain.edges = outer;
    // The sub-graph takes the place of its last member: what feeds any of them stands before it.
    const last = Math.max(...before.map((each, index) => (members.has(each) ? index : -1)));
    renumber(chain, before.flatMap((each, index) => (index === last ? [id] : members.has(each) ? [] : [each])));
    settle(at.link, at.library);
    const moved = new Map(nodes.flatMap((each) => contents(at, each, "").map((old) => [old, `${id}.${old}`])));
    return { ids: [id], moved };
}

/** Deals the chain's edges out: those inside, and those outside with the border's ports in between. */
function divide(
    chain: Chain,
    inner: Chain,
    members: ReadonlySet<string>,
    id: string,
): { edges: Edge[]; outer: Edge[] } {
    const edges: Edge[] = [];
    const outer: Edge[] = [];
    const ports = new Map<string, string>();
    const port = (end: End, direction: "input" | "output", label: string) => {
        const key = `${direction} ${keyOf(end)}`;
        const known = ports.get(key);
        if (known !== undefined) return { port: known, isNew: false };
        const taken = inner.externalPorts.map((each) => each.id);
        const made = freePortID(taken, direction === "input" ? "in" : "out");
        inner.externalPorts.push({ id: made, direction, channels: -1, sampleRate: -1, label, required: true });
        ports.set(key, made);
        return { port: made, isNew: true };
    };
    for (const edge of chain.edges) {
        const begins = members.has(edge.fromModule);
        const ends = members.has(edge.toModule);
        if (begins && ends) {
            edges.push(edge);
        } else if (ends) {
            const made = port(startOf(edge), "input", portLabel(inner, endOf(edge)));
            if (made.isNew) outer.push({ ...edge, toModule: id, toPort: made.port });
            edges.push({ ...copyOf(edge), fromModule: BOUNDARY, fromPort: made.port });
        } else if (begins) {
            const made = port(startOf(edge), "output", portLabel(inner, startOf(edge)));
            if (made.isNew) edges.push({ ...copyOf(edge), toModule: BOUNDARY, toPort: made.port });
            outer.push({ ...edge, fromModule: id, fromPort: made.port });
        } else {
            outer.push(edge);
        }
    }
    return { edges, outer };
}

function portLabel(inner: Chain, end: End): string {
    const node = nodeOf(inner, end.module);
    const label = node.ports?.find((port: Port) => port.id === end.port)?.label || end.port;
    const isOnly = inner.nodes.length === 1;
    return isOnly ? label : `${node.name ?? end.module} ${label.toLowerCase()}`.slice(0, 60);
}

/** Ids of the modules in a node, itself for a module; `prefix` in front. */
export function contents(at: Pick<At, "link">, node: ChainNode, prefix: string): string[] {
    const inner = node.subGraphId === undefined ? undefined : at.link.chains[node.subGraphId];
    if (node.moduleType !== SUBGRAPH || !inner) return [prefix + node.instanceId];
    if (prefix.split(".").length > 17) return [];
    return inner.nodes.flatMap((each) => contents(at, each, `${prefix}${node.instanceId}.`));
}

function centre(nodes: readonly ChainNode[]): { x: number; y: number } {
    const box = bounds(nodes);
    return { x: Math.round((box.left + box.right) / 2), y: Math.round((box.top + box.bottom) / 2) };
}

function bounds(nodes: readonly ChainNode[]): { left: number; right: number; top: number; bottom: number } {
    const xs = nodes.map((node) => node.position?.x ?? 0);
    const ys = nodes.map((node) => node.position?.y ?? 0);
    return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Puts the modules of a sub-graph in its place and joins the wires across its border. */
export function dissolve(at: At, id: string): Regrouped {
    makeExplicit(at);
    const chain = chainShown(at);
    const node = nodeOf(chain, id);
    const key = node.subGraphId;
    if (node.moduleType !== SUBGRAPH || key === undefined || !at.link.chains[key]) {
        throw new EditError(`${id} is no sub-graph.`);
    }
    makeExplicit(at, key);
    const inner = copyOf(at.link.chains[key]);
    const names = freeNames(chain, inner, id);
    const moved = new Map<string, string>();
    for (const each of inner.nodes) {
        const name = names.get(each.instanceId) ?? each.instanceId;
        for (const old of contents(at, each, "")) {
            moved.set(`${id}.${old}`, name + old.slice(each.instanceId.length));
        }
    }
    const before = inOrder(chain);
    const within = inOrder(inner).map((each) => names.get(each) ?? each);
    makeRoom(chain, node, inner);
    for (const each of inner.nodes) {
        each.instanceId = names.get(each.instanceId) ?? each.instanceId;
        if (node.enabled === false) each.enabled = false;
    }
    const edges = chain.edges;
    chain.nodes = [...chain.nodes.filter((each) => each !== node), ...inner.nodes];
    chain.edges = edges.filter((edge) => edge.fromModule !== id && edge.toModule !== id);
    join(at, id, edges, inner, names);
    renumber(chain, before.flatMap((each) => (each === id ? within : [each])));
    dropUnused(at.link, [key]);
    settle(at.link, at.library);
    return { ids: within, moved };
}

/** Ids for the contents in the chain around: their own where free. */
function freeNames(chain: Chain, inner: Chain, id: string): Map<string, string> {
    const taken = new Set(chain.nodes.map((node) => node.instanceId).filter((each) => each !== id));
    const names = new Map<string, string>();
    const wanted = new Set(inner.nodes.map((node) => node.instanceId));
    for (const each of wanted) {
        const free = taken.has(each)
            ? freeInstanceID(chain, nameOfID(each), new Set([...taken, ...wanted, ...names.values()]))
            : each;
        names.set(each, free);
        taken.add(free);
    }
    return names;
}

/** Wires of the contents, and those across the border joined with the wires around it. */
function join(at: At, id: string, around: readonly Edge[], inner: Chain, names: ReadonlyMap<string, string>): void {
    const name = (end: End): End => ({ module: names.get(end.module) ?? end.module, port: end.port });
    const into = (port: string) => around.find((edge) => edge.toModule === id && edge.toPort === port);
    /** Through sub-graphs that pass their own output back in, at most once each. */
    const source = (edge: Edge, hops = 0): End | undefined => {
        if (edge.fromModule !== BOUNDARY) return name(startOf(edge));
        const outer = into(edge.fromPort);
        if (!outer || outer.fromModule !== id) return outer && startOf(outer);
        const passed = inner.edges.find((each) => each.toModule === BOUNDARY && each.toPort === outer.fromPort);
        return passed && hops < inner.edges.length ? source(passed, hops + 1) : undefined;
    };
    for (const edge of inner.edges) {
        const from = source(edge);
        if (!from) continue;
        if (edge.toModule !== BOUNDARY) {
            addEdge(at, from, name(endOf(edge)), edge);
            continue;
        }
        for (const outer of around) {
            if (outer.fromModule !== id || outer.fromPort !== edge.toPort || outer.toModule === id) continue;
            addEdge(at, from, endOf(outer), outer);
        }
    }
}

/** Moves the contents to where the sub-graph was, and what stands right of it further right. */
function makeRoom(chain: Chain, node: ChainNode, inner: Chain): void {
    if (!inner.nodes.length) return;
    const box = bounds(inner.nodes);
    const origin = node.position ?? { x: 0, y: 0 };
    const extra = box.right - box.left > 0 ? box.right - box.left : 0;
    for (const each of chain.nodes) {
        if (each === node || (each.position?.x ?? 0) <= origin.x) continue;
        each.position = { ...each.position, x: each.position.x + extra };
    }
    const middle = (box.top + box.bottom) / 2;
    for (const each of inner.nodes) {
        const position = each.position ?? { x: 0, y: 0 };
        each.position = {
            ...position,
            x: Math.round(origin.x + position.x - box.left),
            y: Math.round(origin.y + position.y - middle),
        };
    }
}

/** How far copies stand from what they are copies of. */
export const COPY_OFFSET = { x: WIDTH / 4, y: GAP };
