// The entries of the history that the page has been told of.
import type { HistoryEntry } from "../../node/types";

/** Entries with what an answer says of them and of others, the newest first. */
export function merged(known: readonly HistoryEntry[], answered: readonly HistoryEntry[]): HistoryEntry[] {
    const entries = new Map([...known, ...answered].map((entry) => [entry.id, entry]));
    return [...entries.values()].sort((a, b) => b.id - a.id);
}
