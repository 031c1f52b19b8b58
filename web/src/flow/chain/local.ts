import type { ChainNode, Fault, LinkConfig } from "../../node/types";
import { BOUNDARY, endOf, startOf, SUBGRAPH } from "./model";
import type { End, Library } from "./model";
import { chainPorts, nodePorts } from "./ports";
import type { NodePorts, ResolvedPort, Stated } from "./ports";

/** A node with its ports. */
export interface LocalNode {
    node: ChainNode;
    /** Position in the file's list. */
    index: number;
    path: string;
    ports: NodePorts;
}

/** A wire of the file, or one that binding by position makes (without `edge`). */
export interface Wire {
    from: End;
    to: End;
    edge?: string;
    path?: string;
    stated?: Stated;
}

/** One chain by itself: ports, wires, and what is wrong with them. */
export interface LocalChain {
    key: string;
    inputs: ResolvedPort[];
    outputs: ResolvedPort[];
    /** By instance id, in processing order. */
    nodes: Map<string, LocalNode>;
    wires: Wire[];
    faults: Fault[];
}

/** Whether no edge of the chain touches its ends, so that they are bound by position. */
export function isBoundByPosition(chain: { edges: { fromModule: string; toModule: string }[] }): boolean {
    return !chain.edges.some((edge) => edge.fromModule === BOUNDARY || edge.toModule === BOUNDARY);
}

/** Reads one chain of a link. */
export function readChain(link: LinkConfig, library: Library, key: string): LocalChain {
    const chain = link.chains[key];
    const local: LocalChain = { key, ...chainPorts(link, chain, key), nodes: new Map(), wires: [], faults: [] };
    const ordered = chain.nodes.map((node, index) => ({ node, index }));
    ordered.sort((a, b) => (a.node.order ?? 0) - (b.node.order ?? 0) || a.index - b.index);
    for (const { node, index } of ordered) {
        const path = `chains.${key}.nodes[${index}]`;
        if (local.nodes.has(node.instanceId)) {
            fault(local, "duplicate_id", `${path}.instanceId`, `“${node.instanceId}” is there twice; ids must differ.`);
            continue;
        }
        const ports = nodePorts(link, library, node, path);
        local.nodes.set(node.instanceId, { node, index, path, ports });
        checkNode(local, link, library, node, path, ports);
    }
    readWires(local, link);
    findUnconnected(local, (chain.externalPorts as unknown) !== undefined);
    return local;
}

function fault(local: LocalChain, code: string, path: string, message: string): void {
    local.faults.push({ code, path, message });
}

function checkNode(
    local: LocalChain,
    link: LinkConfig,
    library: Library,
    node: ChainNode,
    path: string,
    ports: NodePorts,
): void {
    if (!/^[A-Za-z][A-Za-z0-9_]*#[0-9]+$/.test(node.instanceId) || node.instanceId.length > 64) {
        const message = `“${node.instanceId}” is no instance id; it needs a name, # and a number: gain#1.`;
        fault(local, "bad_id", `${path}.instanceId`, message);
    }
    if (node.moduleType === SUBGRAPH) {
        if (node.subGraphId === undefined || !link.chains[node.subGraphId]) {
            const message = `The chain “${node.subGraphId ?? ""}” that should be inside does not exist.`;
            fault(local, "missing_subgraph", `${path}.subGraphId`, message);
        }
    } else if (!library[node.moduleType]) {
        const message = `The node has no module type “${node.moduleType}”.`;
        fault(local, "unknown_module_type", `${path}.moduleType`, message);
    }
    for (const port of [...ports.inputs, ...ports.outputs]) {
        if (port.unknown) fault(local, "unknown_port", `${port.path}.id`, `The module type has no port “${port.id}”.`);
    }
    for (const id of ports.missing) {
        fault(local, "missing_port", `${path}.ports`, `The required port “${id}” is not listed.`);
    }
}

function readWires(local: LocalChain, link: LinkConfig): void {
    const chain = link.chains[local.key];
    const fed = new Set<string>();
    const used = new Set<string>();
    const ids = new Set<string>();
    chain.edges.forEach((edge, index) => {
        const path = `chains.${local.key}.edges[${index}]`;
        if (!edge.id || ids.has(edge.id)) {
            fault(local, "duplicate_id", `${path}.id`, `“${edge.id}” is the id of an earlier wire; ids must differ.`);
        }
        ids.add(edge.id);
        const from = startOf(edge);
        const to = endOf(edge);
        const starts = find(local, from, "output", `${path}.from`);
        const ends = find(local, to, "input", `${path}.to`);
        if (starts) used.add(keyOf(from));
        if (!ends) return;
        if (fed.has(keyOf(to))) {
            const message = "Another wire leads to this port already; mix signals with a mixer.";
            fault(local, "repeated_connection", `${path}.toPort`, message);
            return;
        }
        fed.add(keyOf(to));
        if (!starts) return;
        const stated = edge.channels >= 1 ? { channels: edge.channels, path: `${path}.channels` } : undefined;
        local.wires.push({ from, to, edge: edge.id, path, stated });
    });
    if (isBoundByPosition(chain)) bindByPosition(local, fed, used);
}

/** Whether the end is a port that a wire may begin (`output`) or end at (`input`); a fault when it is not. */
function find(local: LocalChain, end: End, direction: "input" | "output", path: string): boolean {
    let ports: ResolvedPort[];
    let others: ResolvedPort[];
    let name: string;
    if (end.module === BOUNDARY) {
        // Seen from inside, the chain's inputs begin wires.
        [ports, others] = direction === "output" ? [local.inputs, local.outputs] : [local.outputs, local.inputs];
        name = direction === "output" ? "input of the chain" : "output of the chain";
    } else {
        const node = local.nodes.get(end.module);
        if (!node) {
            fault(local, "dangling_edge", `${path}Module`, `There is no module ${end.module} in this chain.`);
            return false;
        }
        if (node.ports.opaque) return false;
        const { inputs, outputs } = node.ports;
        [ports, others] = direction === "output" ? [outputs, inputs] : [inputs, outputs];
        name = `${direction} of ${end.module}`;
    }
    if (ports.some((port) => port.id === end.port)) return true;
    const isOther = others.some((port) => port.id === end.port);
    const reason = isOther ? "; wires run from outputs to inputs." : ".";
    fault(local, isOther ? "bad_direction" : "dangling_edge", `${path}Port`, `“${end.port}” is no ${name}${reason}`);
    return false;
}

/** Unconnected required ports meet the external ports in order. */
function bindByPosition(local: LocalChain, fed: Set<string>, used: Set<string>): void {
    const inputs = [...local.inputs];
    const outputs = [...local.outputs];
    for (const [module, { ports }] of local.nodes) {
        for (const port of ports.inputs) {
            const to = { module, port: port.id };
            if (!port.required || fed.has(keyOf(to))) continue;
            const external = inputs.shift();
            if (!external) break;
            local.wires.push({ from: { module: BOUNDARY, port: external.id }, to });
        }
        for (const port of ports.outputs) {
            const from = { module, port: port.id };
            if (!port.required || used.has(keyOf(from))) continue;
            const external = outputs.shift();
            if (!external) break;
            local.wires.push({ from, to: { module: BOUNDARY, port: external.id } });
        }
    }
}

function findUnconnected(local: LocalChain, isListed: boolean): void {
    const starts = new Set(local.wires.map((wire) => keyOf(wire.from)));
    const ends = new Set(local.wires.map((wire) => keyOf(wire.to)));
    for (const [module, { ports }] of local.nodes) {
        for (const port of ports.inputs) {
            if (port.required && !ends.has(keyOf({ module, port: port.id }))) {
                const message = `Nothing leads to the input “${port.label}” of ${module}. Connect it.`;
                fault(local, "unconnected_port", port.path, message);
            }
        }
        for (const port of ports.outputs) {
            if (port.required && !starts.has(keyOf({ module, port: port.id }))) {
                const message = `The output “${port.label}” of ${module} leads nowhere. Connect it.`;
                fault(local, "unconnected_port", port.path, message);
            }
        }
    }
    for (const port of isListed ? local.outputs : []) {
        if (port.required && !ends.has(keyOf({ module: BOUNDARY, port: port.id }))) {
            fault(local, "unconnected_port", port.path, `Nothing leads to the chain's output “${port.label}”.`);
        }
    }
}

/** An end as a map's key; port ids may hold any character, module ids hold no space. */
export function keyOf(end: End): string {
    return `${end.module} ${end.port}`;
}
