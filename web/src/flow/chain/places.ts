import type { Chain, Fault, LinkConfig } from "../../node/types";
import { BOUNDARY } from "./model";

/** Where a fault is, in terms of what the page shows. */
export interface Place {
    /** Key of the chain; undefined: the file as a whole. */
    chain?: string;
    node?: string;
    edge?: string;
    port?: string;
}

/** A fault with its place. */
export interface PlacedFault extends Fault {
    place: Place;
}

const PATH = /^chains\.(.+?)(?:\.(nodes|edges|externalPorts)\[(\d+)\](.*)|\.externalPorts.*|\.id)?$/;

/** The place a fault's path (`chains.main.nodes[3].ports[0].channels`) names in the link it was found in. */
export function placeOf(link: LinkConfig, path: string): Place {
    const key = Object.keys(link.chains)
        .filter((each) => path === `chains.${each}` || path.startsWith(`chains.${each}.`))
        .sort((a, b) => b.length - a.length)[0];
    const match = PATH.exec(key === undefined ? path : path.replace(`chains.${key}`, "chains.x"));
    if (key === undefined || !match) return {};
    const chain = link.chains[key];
    const index = Number(match[3]);
    if (match[2] === "edges") return edgePlace(chain, key, index);
    if (match[2] === "externalPorts") {
        return { chain: key, node: BOUNDARY, port: chain.externalPorts?.[index]?.id };
    }
    if (match[2] !== "nodes") return path.includes(".externalPorts") ? { chain: key, node: BOUNDARY } : { chain: key };
    const node = chain.nodes[index];
    const port = /^\.ports\[(\d+)\]/.exec(match[4] ?? "");
    return {
        chain: key,
        node: node?.instanceId,
        ...(port ? { port: node?.ports?.[Number(port[1])]?.id } : {}),
    };
}

function edgePlace(chain: Chain, key: string, index: number): Place {
    return { chain: key, edge: chain.edges[index]?.id };
}

/** Faults with their places in the link they were found in, every one once. */
export function placed(link: LinkConfig, faults: readonly Fault[]): PlacedFault[] {
    const seen = new Set<string>();
    return faults.flatMap((fault) => {
        const key = `${fault.path} ${fault.code}`;
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ ...fault, place: placeOf(link, fault.path) }];
    });
}
