import type { Chain, LinkConfig } from "../../node/types";

/** `[A-Za-z][A-Za-z0-9_]*` of at most 48 characters, made of any text: what stands before `#` in an instance id. */
export function identifier(text: string, fallback: string): string {
    const words = text.normalize("NFKD").replace(/[^A-Za-z0-9_]+/g, " ").trim().split(" ");
    const joined = words.map((word, at) => (at ? word.charAt(0).toUpperCase() + word.slice(1) : word)).join("");
    const named = joined.charAt(0).toLowerCase() + joined.slice(1);
    return (/^[A-Za-z]/.test(named) ? named : fallback).slice(0, 48);
}

/** An instance id `name#n` that nothing in the chain has, one above the highest there is. */
export function freeInstanceID(chain: Chain, name: string, taken: ReadonlySet<string> = new Set()): string {
    let highest = 0;
    for (const id of [...chain.nodes.map((node) => node.instanceId), ...taken]) {
        if (id.startsWith(`${name}#`)) highest = Math.max(highest, Number(id.slice(name.length + 1)) || 0);
    }
    return `${name}#${highest + 1}`;
}

/** An edge id `en` that no edge of the chain has. */
export function freeEdgeID(chain: Chain): string {
    let highest = 0;
    for (const edge of chain.edges) {
        const number = /^e(\d{1,9})$/.exec(edge.id);
        if (number) highest = Math.max(highest, Number(number[1]));
    }
    return `e${highest + 1}`;
}

/** A key that no chain of the link has: `name`, else `name2`, `name3` … */
export function freeChainKey(link: LinkConfig, name: string): string {
    let key = name;
    for (let number = 2; link.chains[key]; number += 1) key = `${name}${number}`;
    return key;
}

/** A port id among `taken` that is free: `name`, else `name2` … */
export function freePortID(taken: Iterable<string>, name: string): string {
    const ids = new Set(taken);
    let id = name;
    for (let number = 2; ids.has(id); number += 1) id = `${name}${number}`;
    return id;
}

/** The part before `#`. */
export function nameOfID(id: string): string {
    return id.split("#")[0];
}
