import type { Chain, ChainNode, Edge, LinkConfig, ModuleType, Port } from "../../node/types";

/** The module id that stands for a chain's own external ports. */
export const BOUNDARY = "$io";
/** The module type of a node that contains a chain. */
export const SUBGRAPH = "subgraph";

/** Module types by name, as `NodeState.library`. */
export type Library = Readonly<Record<string, ModuleType>>;

/** One end of a wire: a port of a module, or of the chain itself when `module` is `$io`. */
export interface End {
    module: string;
    port: string;
}

/** Why a change cannot be made; the text is for the user. */
export class EditError extends Error {}

/** The chain with this key. Throws when it is gone. */
export function chainOf(link: LinkConfig, key: string): Chain {
    const chain = link.chains[key];
    if (!chain) throw new EditError(`There is no chain “${key}” any more.`);
    return chain;
}

/** The node with this id. Throws when it is gone. */
export function nodeOf(chain: Chain, id: string): ChainNode {
    const found = chain.nodes.find((node) => node.instanceId === id);
    if (!found) throw new EditError(`${id} is not in this chain any more.`);
    return found;
}

/**
 * The key of the chain inside the sub-graph nodes of `path`, outermost first; undefined when the path leads nowhere.
 * An empty path is the root chain.
 */
export function chainAt(link: LinkConfig, path: readonly string[]): string | undefined {
    let key: string | undefined = link.rootChainId;
    for (const id of path) {
        const node: ChainNode | undefined = link.chains[key]?.nodes.find((each) => each.instanceId === id);
        key = node?.moduleType === SUBGRAPH ? node.subGraphId : undefined;
        if (key === undefined) return undefined;
    }
    return link.chains[key] ? key : undefined;
}

/** The chain inside the sub-graph nodes of `path`; undefined when the path leads nowhere, or there is no link yet. */
export function chainInside(link: LinkConfig | null, path: readonly string[]): Chain | undefined {
    const key = link === null ? undefined : chainAt(link, path);
    return key === undefined ? undefined : link?.chains[key];
}

/** The type of a module of the whole chain, by its flattened id; undefined when either is unknown. */
export function moduleAt(link: LinkConfig | null, library: Library, flattenedID: string): ModuleType | undefined {
    const path = flattenedID.split(".");
    const id = path.pop();
    const found = chainInside(link, path)?.nodes.find((each) => each.instanceId === id);
    return found && library[found.moduleType];
}

/** What a module is called: its name, else that of the chain inside, else its id. */
export function titleOf(link: LinkConfig, node: ChainNode): string {
    if (node.name) return node.name;
    const inner = node.subGraphId === undefined ? undefined : link.chains[node.subGraphId];
    return inner?.name || node.instanceId;
}

/** The external ports of a chain; a chain without a list has `in` and `out`, which need not be connected. */
export function externalPorts(link: LinkConfig, chain: Chain): Port[] {
    if (chain.externalPorts as Port[] | undefined) return chain.externalPorts;
    const port = { channels: link.global.channels, sampleRate: -1, required: false };
    return [
        { ...port, id: "in", direction: "input", label: "In" },
        { ...port, id: "out", direction: "output", label: "Out" },
    ];
}

/** Whether two ends are the same port. */
export function sameEnd(a: End, b: End): boolean {
    return a.module === b.module && a.port === b.port;
}

/** Where a wire begins. */
export function startOf(edge: Edge): End {
    return { module: edge.fromModule, port: edge.fromPort };
}

/** Where a wire ends. */
export function endOf(edge: Edge): End {
    return { module: edge.toModule, port: edge.toPort };
}

/** A copy that shares nothing. */
export function copyOf<Value>(value: Value): Value {
    return JSON.parse(JSON.stringify(value)) as Value;
}
