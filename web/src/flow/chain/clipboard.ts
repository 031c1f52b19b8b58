import type { Chain, ChainNode, Edge } from "../../node/types";
import { chainShown, makeExplicit, settle } from "./at";
import type { At } from "./at";
import { freeChainKey, freeInstanceID, nameOfID } from "./ids";
import { copyOf, SUBGRAPH } from "./model";
import type { Point } from "./modules";
import { contents } from "./subgraphs";
import { addEdge } from "./wires";

/** Stored values by instance id, then key. */
export type Values = Record<string, Record<string, string>>;

/** Modules on the clipboard: with the wires among them, the chains inside them and the values of their parameters. */
export interface Fragment {
    soundpost: "modules";
    nodes: ChainNode[];
    edges: Edge[];
    chains: Record<string, Chain>;
    values: Values;
}

/** Copies modules. `values` gives the parameters of one module by its id within the chain shown. */
export function copyNodes(
    at: At,
    ids: readonly string[],
    values: (id: string) => Record<string, string> | undefined,
): Fragment {
    const chain = chainShown(at);
    const chosen = new Set(ids);
    const nodes = chain.nodes.filter((node) => chosen.has(node.instanceId));
    const edges = chain.edges.filter((edge) => chosen.has(edge.fromModule) && chosen.has(edge.toModule));
    const chains: Record<string, Chain> = {};
    const take = (node: ChainNode) => {
        const key = node.subGraphId;
        if (node.moduleType !== SUBGRAPH || key === undefined || chains[key] || !at.link.chains[key]) return;
        chains[key] = at.link.chains[key];
        chains[key].nodes.forEach(take);
    };
    nodes.forEach(take);
    const stored: Values = {};
    for (const id of nodes.flatMap((node) => contents(at, node, ""))) stored[id] = { ...values(id) };
    return copyOf({ soundpost: "modules", nodes, edges, chains, values: stored });
}

/** A fragment in text from the clipboard; undefined when the text is something else. */
export function readFragment(text: string): Fragment | undefined {
    if (!text.startsWith("{") || text.length > 4_000_000) return undefined;
    try {
        const parsed = JSON.parse(text) as Partial<Fragment> | null;
        const isOurs = parsed?.soundpost === "modules" && Array.isArray(parsed.nodes) && Array.isArray(parsed.edges);
        const isWhole = isOurs && parsed.nodes?.every((node) => typeof node?.instanceId === "string");
        return isWhole ? ({ chains: {}, values: {}, ...parsed } as Fragment) : undefined;
    } catch {
        return undefined;
    }
}

/** What pasting made: ids in the chain shown, and the values that belong to them by id within it. */
export interface Pasted {
    ids: string[];
    values: Values;
}

/** Adds the modules of a fragment, moved by `offset`, under ids that are free. */
export function pasteNodes(at: At, fragment: Fragment, offset: Point): Pasted {
    makeExplicit(at);
    const chain = chainShown(at);
    const source = copyOf(fragment);
    const keys = new Map<string, string>();
    for (const [key, inner] of Object.entries(source.chains)) {
        const own = freeChainKey(at.link, key);
        keys.set(key, own);
        at.link.chains[own] = { ...inner, id: own };
    }
    for (const inner of Object.values(source.chains)) {
        for (const node of inner.nodes) {
            if (node.subGraphId !== undefined) node.subGraphId = keys.get(node.subGraphId) ?? node.subGraphId;
        }
    }
    const names = new Map<string, string>();
    let order = chain.nodes.reduce((last, node) => Math.max(last, node.order ?? 0), -1);
    for (const node of [...source.nodes].sort((a, b) => (a.order ?? 0) - (b.order ?? 0))) {
        const id = freeInstanceID(chain, nameOfID(node.instanceId));
        names.set(node.instanceId, id);
        const position = node.position ?? { x: 0, y: 0 };
        chain.nodes.push({
            ...node,
            instanceId: id,
            order: (order += 1),
            position: { ...position, x: Math.round(position.x + offset.x), y: Math.round(position.y + offset.y) },
            ...(node.subGraphId === undefined ? {} : { subGraphId: keys.get(node.subGraphId) ?? node.subGraphId }),
        });
    }
    for (const edge of source.edges) {
        const from = names.get(edge.fromModule);
        const to = names.get(edge.toModule);
        if (from && to) addEdge(at, { module: from, port: edge.fromPort }, { module: to, port: edge.toPort }, edge);
    }
    settle(at.link, at.library);
    const values: Values = {};
    for (const [id, own] of Object.entries(source.values)) {
        const [first, ...rest] = id.split(".");
        const name = names.get(first);
        if (name) values[[name, ...rest].join(".")] = own;
    }
    return { ids: [...names.values()], values };
}
