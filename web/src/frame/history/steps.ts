// What can be done with an entry of the history: every page takes back its own changes only, newest first.
import type { HistoryEntry } from "../../node/types";

export type Offer =
    /** `count` changes, this one included, can be taken back */
    | { type: "undo"; count: number }
    | { type: "redo"; count: number }
    /** made by somebody else */
    | { type: "foreign" }
    /** taken back, and given up by a newer change */
    | { type: "gone" };

/** What is offered for an entry. `entries`: the newest first. */
export function offerFor(entry: HistoryEntry, entries: HistoryEntry[], client: string, canRedo: boolean): Offer {
    if (entry.client !== client) return { type: "foreign" };
    const own = entries.filter((candidate) => candidate.client === client);
    if (!entry.undone) {
        return { type: "undo", count: own.filter((candidate) => !candidate.undone && candidate.id >= entry.id).length };
    }
    const newestDone = Math.max(0, ...own.filter((candidate) => !candidate.undone).map((candidate) => candidate.id));
    if (!canRedo || entry.id < newestDone) return { type: "gone" };
    const count = own.filter((candidate) => candidate.undone && candidate.id <= entry.id && candidate.id > newestDone).length;
    return { type: "redo", count };
}

type Step = (type: "undo" | "redo") => Promise<HistoryEntry | null>;

/**
 * Takes back, or makes again, up to and including an entry.
 *
 * The node passes over changes of which nothing is left; if that led beyond the entry, the last step is taken back.
 * Resolves with the number of steps.
 */
export async function travelTo(entry: HistoryEntry, way: "undo" | "redo", step: Step): Promise<number> {
    const isBeyond = (id: number): boolean => (way === "undo" ? id < entry.id : id > entry.id);
    for (let count = 1; ; count += 1) {
        const made = await step(way);
        if (made === null) return count - 1;
        if (isBeyond(made.id)) {
            await step(way === "undo" ? "redo" : "undo");
            return count - 1;
        }
        if (made.id === entry.id) return count;
    }
}
