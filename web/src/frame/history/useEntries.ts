import { useEffect, useState } from "react";
import { useNode } from "../../node/store";
import type { HistoryEntry } from "../../node/types";
import { merged } from "./entries";

/** What the page knows of the history. */
export interface Entries {
    /** The newest first. */
    entries: HistoryEntry[];
    /** Whether there are no older ones. */
    isAll: boolean;
    /** Takes over what an answer says. */
    take: (answered: HistoryEntry[], isAll?: boolean) => void;
}

/**
 * All entries that the pane was told of. They begin anew when the connection does, which may be under another name or to
 * another node.
 */
export function useEntries(): Entries {
    const { history, isLoaded } = useNode((state) => ({ history: state.history, isLoaded: state.isLoaded }));
    const [known, setKnown] = useState<{ entries: HistoryEntry[]; isAll: boolean }>({ entries: [], isAll: false });
    useEffect(() => setKnown((before) => (
        isLoaded ? { ...before, entries: merged(before.entries, history) } : { entries: [], isAll: false }
    )), [history, isLoaded]);
    return {
        entries: known.entries.length > 0 ? known.entries : history,
        isAll: known.isAll,
        take: (answered, isAll) => setKnown((before) => (
            { entries: merged(before.entries, answered), isAll: isAll ?? before.isAll })),
    };
}
