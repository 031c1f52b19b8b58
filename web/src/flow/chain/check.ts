import type { Fault, LinkConfig } from "../../node/types";
import { readChain } from "./local";
import type { LocalChain } from "./local";
import type { Library } from "./model";
import { expand } from "./signal";
import type { Signal } from "./signal";

/** A link looked at from all sides: what is wrong with it, and what flows where. */
export interface Inspection {
    link: LinkConfig;
    chains: ReadonlyMap<string, LocalChain>;
    signal: Signal;
    faults: Fault[];
}

/** Checks a link as the node does before it plays it. The node has the last word: it knows limits that are not here. */
export function inspect(link: LinkConfig, library: Library): Inspection {
    const chains = new Map<string, LocalChain>();
    for (const key of Object.keys(link.chains).sort()) chains.set(key, readChain(link, library, key));
    const signal = expand(link, chains);
    const faults = [...chains.values()].flatMap((chain) => chain.faults).concat(signal.faults);
    return { link, chains, signal, faults };
}
