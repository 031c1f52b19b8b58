import type { Chain, ChainNode, LinkConfig, Port, PortSchema } from "../../node/types";
import { externalPorts, SUBGRAPH } from "./model";
import type { Library } from "./model";

/** Where a port's channel count comes from: its type, the wire, or whoever edits the chain. */
export type Channels = number | "inherited" | "free";

/** A channel count the file states, and where. */
export interface Stated {
    channels: number;
    path: string;
}

/** A port as the file and the module type together have it. */
export interface ResolvedPort {
    id: string;
    label: string;
    direction: "input" | "output";
    required: boolean;
    channels: Channels;
    stated: Stated[];
    /** In the chain file: `chains.main.nodes[3].ports[0]`. */
    path: string;
    /** A port the file lists and the module type does not have. */
    unknown?: boolean;
}

/** Ports of a node, the module type's or sub-graph's order, then unknown ones. */
export interface NodePorts {
    inputs: ResolvedPort[];
    outputs: ResolvedPort[];
    /** Nothing is known of the type: any port may be meant. */
    opaque: boolean;
    /** Required ports that the file's list leaves out. */
    missing: string[];
}

const LABELS: Record<string, string> = { in: "In", out: "Out" };

/** What a port is called that the file does not label. */
export function labelOf(id: string): string {
    return LABELS[id] ?? id;
}

/** Ports as the file must list them for a new node of this type. */
export function describePorts(schemas: readonly PortSchema[]): Port[] {
    return schemas.map((port) => ({
        id: port.id,
        direction: port.direction,
        channels: -1,
        sampleRate: -1,
        label: labelOf(port.id),
        required: port.required,
    }));
}

/** Ports of a node that contains `chain`. */
export function describeOuterPorts(link: LinkConfig, chain: Chain): Port[] {
    return externalPorts(link, chain).map((port) => ({
        id: port.id,
        direction: port.direction,
        channels: -1,
        sampleRate: -1,
        label: port.label || labelOf(port.id),
        required: port.required ?? true,
    }));
}

/** The channel count a descriptor states, if it states one. */
function stated(port: Port, path: string): Stated[] {
    return Number.isInteger(port.channels) && port.channels >= 1 && port.channels <= 64
        ? [{ channels: port.channels, path: `${path}.channels` }]
        : [];
}

/** External ports of a chain, seen from inside. */
export function chainPorts(
    link: LinkConfig,
    chain: Chain,
    key: string,
): { inputs: ResolvedPort[]; outputs: ResolvedPort[] } {
    const isListed = (chain.externalPorts as Port[] | undefined) !== undefined;
    const ports = externalPorts(link, chain).map((port, index): ResolvedPort => {
        const path = isListed ? `chains.${key}.externalPorts[${index}]` : `chains.${key}.externalPorts`;
        return {
            id: port.id,
            label: port.label || labelOf(port.id),
            direction: port.direction,
            required: port.required ?? true,
            channels: "free",
            stated: stated(port, path),
            path,
        };
    });
    return {
        inputs: ports.filter((port) => port.direction === "input"),
        outputs: ports.filter((port) => port.direction === "output"),
    };
}

/** Ports of a node of a chain: what the file lists laid over what its type has. `path` is the node's. */
export function nodePorts(link: LinkConfig, library: Library, node: ChainNode, path: string): NodePorts {
    const own = typePorts(link, library, node, path);
    const listed = node.ports as Port[] | undefined;
    if (!listed) return { ...split(own ?? []), opaque: !own, missing: [] };
    const result = own?.map((port) => ({ ...port })) ?? [];
    listed.forEach((port, index) => {
        const at = `${path}.ports[${index}]`;
        const known = result.find((each) => each.id === port.id && each.direction === port.direction);
        if (known) {
            known.path = at;
            known.stated = [...known.stated, ...stated(port, at)];
            known.required = port.required ?? known.required;
            known.label = port.label || known.label;
        } else {
            result.push({
                id: port.id,
                label: port.label || labelOf(port.id),
                direction: port.direction,
                required: own ? port.required ?? true : false,
                channels: "free",
                stated: stated(port, at),
                path: at,
                unknown: own !== undefined,
            });
        }
    });
    const ids = new Set(listed.map((port) => port.id));
    const missing = (own ?? []).filter((port) => port.required && !ids.has(port.id)).map((port) => port.id);
    return { ...split(result), opaque: false, missing };
}

function typePorts(link: LinkConfig, library: Library, node: ChainNode, path: string): ResolvedPort[] | undefined {
    if (node.moduleType === SUBGRAPH) {
        const key = node.subGraphId;
        const inner = key === undefined ? undefined : link.chains[key];
        if (!inner || key === undefined) return undefined;
        const ports = chainPorts(link, inner, key);
        return [...ports.inputs, ...ports.outputs];
    }
    return library[node.moduleType]?.ports.map((port) => ({
        id: port.id,
        label: labelOf(port.id),
        direction: port.direction,
        required: port.required,
        channels: port.channels > 0 ? port.channels : port.channels === 0 ? "free" : "inherited",
        stated: [],
        path: `${path}.ports`,
    }));
}

function split(ports: ResolvedPort[]): { inputs: ResolvedPort[]; outputs: ResolvedPort[] } {
    return {
        inputs: ports.filter((port) => port.direction === "input"),
        outputs: ports.filter((port) => port.direction === "output"),
    };
}
