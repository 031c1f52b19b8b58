import type { Chain, LinkConfig } from "../../node/types";
import { readChain } from "./local";
import { chainOf, SUBGRAPH } from "./model";
import type { Library } from "./model";
import { freeEdgeID } from "./ids";
import { inspect } from "./check";
import { originOf, placeKey } from "./signal";

/** What an edit works on: a link of the caller's own, which it changes, and the chain in it that is shown. */
export interface At {
    link: LinkConfig;
    library: Library;
    /** Key of the chain. */
    key: string;
}

/** The chain shown. Throws when it is gone. */
export function chainShown(at: At): Chain {
    return chainOf(at.link, at.key);
}

/** Writes wires that binding by position makes as edges, so that adding one edge to `$io` does not undo the others. */
export function makeExplicit(at: At, key = at.key): void {
    const chain = chainOf(at.link, key);
    for (const wire of readChain(at.link, at.library, key).wires) {
        if (wire.edge !== undefined) continue;
        chain.edges.push({
            id: freeEdgeID(chain),
            fromModule: wire.from.module,
            fromPort: wire.from.port,
            toModule: wire.to.module,
            toPort: wire.to.port,
            channels: -1,
            sampleRate: -1,
        });
    }
}

/**
 * Restates the channel counts of wires after the wiring has changed: those of the port they come from, −1 where the
 * chain is used with several counts. A wire that states nothing is left alone.
 */
export function settle(link: LinkConfig, library: Library): void {
    const { signal } = inspect(link, library);
    const counts = new Map<string, number | undefined>();
    const visit = (key: string, path: string[], around: ReadonlySet<string>) => {
        const chain = link.chains[key] as Chain | undefined;
        if (!chain || around.has(key)) return;
        for (const edge of chain.edges) {
            const end = { module: edge.toModule, port: edge.toPort };
            const point = signal.places.get(placeKey(path, end, "input"));
            const origin = point === undefined ? undefined : originOf(signal, point);
            const count = origin === undefined ? undefined : signal.points[origin].channels;
            const place = `${key} ${edge.id}`;
            counts.set(place, counts.has(place) && counts.get(place) !== count ? -1 : count);
        }
        for (const node of chain.nodes) {
            if (node.moduleType !== SUBGRAPH || node.subGraphId === undefined) continue;
            visit(node.subGraphId, [...path, node.instanceId], new Set(around).add(key));
        }
    };
    visit(link.rootChainId, [], new Set());
    for (const [key, chain] of Object.entries(link.chains)) {
        for (const edge of chain.edges) {
            const count = counts.get(`${key} ${edge.id}`);
            if (edge.channels >= 1 && count !== undefined) edge.channels = count;
        }
    }
}

/** Takes chains out that nothing contains any more; `candidates` and what is inside them. */
export function dropUnused(link: LinkConfig, candidates: readonly (string | undefined)[]): void {
    for (const key of candidates) {
        if (key === undefined || key === link.rootChainId || !link.chains[key]) continue;
        const isUsed = Object.values(link.chains).some((chain) => chain.nodes.some((node) => node.subGraphId === key));
        if (isUsed) continue;
        const inside = link.chains[key].nodes.map((node) => node.subGraphId);
        delete link.chains[key];
        dropUnused(link, inside);
    }
}

/** Numbers the nodes' processing order anew, 0, 1, 2 …, in the sequence given. */
export function renumber(chain: Chain, ids: readonly string[]): void {
    const order = new Map(ids.map((id, index) => [id, index]));
    for (const node of chain.nodes) node.order = order.get(node.instanceId) ?? node.order ?? 0;
}

/** Instance ids in processing order. */
export function inOrder(chain: Chain): string[] {
    return chain.nodes
        .map((node, index) => ({ id: node.instanceId, order: node.order ?? 0, index }))
        .sort((a, b) => a.order - b.order || a.index - b.index)
        .map((node) => node.id);
}
