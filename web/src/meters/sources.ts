import type { Chain, LinkConfig } from "../node/types";
import { chainInput, chainOutput } from "./bank";

/** Something whose level or spectrum can be shown. */
export interface MeterSource {
    /** Flattened instance id, or one of the chain's own ends. */
    id: string;
    /** What a person calls it. */
    label: string;
    /** Its kind: a module type, or "chain". */
    kind: string;
    /** Most channels of any of its ports on each side; 0 where it has none. */
    inputs: number;
    outputs: number;
}

const deepest = 16;

/** Everything in a chain that can be shown, in the order of the flow: the chain's ends first, sub-graphs opened. */
export function metersOf(link: LinkConfig | null): MeterSource[] {
    if (!link) return [];
    const global = link.global.channels;
    const root = link.chains[link.rootChainId];
    const ends = (direction: string) => {
        const ports = (root?.externalPorts ?? []).filter((port) => port.direction === direction);
        return ports.length > 0 ? ports.reduce((sum, port) => sum + positive(port.channels, global), 0) : global;
    };
    const sources: MeterSource[] = [
        { id: chainInput, label: "Chain input", kind: "chain", inputs: 0, outputs: ends("input") },
        { id: chainOutput, label: "Chain output", kind: "chain", inputs: 0, outputs: ends("output") },
    ];
    collect(link, root, "", "", 0, sources);
    return sources;
}

function collect(
    link: LinkConfig, chain: Chain | undefined, prefix: string, place: string, depth: number, into: MeterSource[],
): void {
    if (!chain || depth > deepest) return;
    for (const node of [...chain.nodes].sort((a, b) => a.order - b.order)) {
        const id = prefix + node.instanceId;
        const label = place + (node.name || node.instanceId);
        if (node.moduleType === "subgraph" || node.subGraphId) {
            const child = node.subGraphId ? link.chains[node.subGraphId] : undefined;
            collect(link, child, `${id}.`, `${label} › `, depth + 1, into);
            continue;
        }
        const most = (direction: string) => node.ports
            .filter((port) => port.direction === direction)
            .reduce((widest, port) => Math.max(widest, positive(port.channels, link.global.channels)), 0);
        into.push({ id, label, kind: node.moduleType, inputs: most("input"), outputs: most("output") });
    }
}

function positive(channels: number, inherited: number): number {
    return channels > 0 ? channels : inherited;
}

/** Those whose label, id or kind contains every word of the search. */
export function matching(sources: readonly MeterSource[], search: string): MeterSource[] {
    const words = search.toLowerCase().split(/\s+/).filter((word) => word !== "");
    return sources.filter((source) => {
        const text = `${source.label} ${source.id} ${source.kind}`.toLowerCase();
        return words.every((word) => text.includes(word));
    });
}
