// What the browser remembers for this page. A browser may forbid it; the page then works without memory.

/** A value that was stored as JSON; undefined if there is none or it cannot be read. */
export function readStored(key: string, area: "local" | "session" = "local"): unknown {
    try {
        const text = (area === "local" ? localStorage : sessionStorage).getItem(key);
        return text === null ? undefined : JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** Stores a value as JSON; `undefined` removes it. */
export function writeStored(key: string, value: unknown, area: "local" | "session" = "local"): void {
    try {
        const store = area === "local" ? localStorage : sessionStorage;
        if (value === undefined) store.removeItem(key);
        else store.setItem(key, JSON.stringify(value));
    } catch {
        // Forbidden or full: nothing here is worth a message.
    }
}
