// From the name that a person gives to the id that the node keeps files by.

/** Longest id that the node takes. */
const longest = 64;

/** An id of 1 to 64 letters, digits and _ . # -, made from a name; not yet free of others. */
export function idOfName(name: string): string {
    const id = name
        .normalize("NFKD")
        .replace(/[\u0300-\u036f]/g, "")
        .replace(/ß/g, "ss")
        .replace(/[^A-Za-z0-9_.#-]+/g, "_")
        .replace(/^[_.]+|[_.]+$/g, "")
        .toLowerCase()
        .slice(0, longest);
    return id || "preset";
}

/**
 * The id for a name among those there are: that of the one with the same name, which is replaced, or one of its own.
 */
export function idFor(name: string, others: { id: string; name: string }[]): { id: string; replaces: boolean } {
    const wanted = name.trim();
    const same = others.find((other) => other.name.trim().toLowerCase() === wanted.toLowerCase());
    if (same) return { id: same.id, replaces: true };
    const base = idOfName(wanted);
    const taken = new Set(others.map((other) => other.id.toLowerCase()));
    let id = base;
    for (let number = 2; taken.has(id); number += 1) {
        const ending = `_${number}`;
        id = base.slice(0, longest - ending.length) + ending;
    }
    return { id, replaces: false };
}

/** Why a name cannot be used; null when it can. */
export function nameFault(name: string): string | null {
    if (name.trim() === "") return "Give it a name.";
    const bytes = new TextEncoder().encode(name).length;
    return bytes > 256 ? `The name is too long: ${bytes} bytes, 256 are taken.` : null;
}
