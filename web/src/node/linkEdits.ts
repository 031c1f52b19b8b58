// Edits of the chain: shown at once, written one after the other, taken back when the node refuses.
import { Idle } from "./idle";
import type { Fault, LinkConfig, Scalar } from "./types";

export type LinkChange = (link: LinkConfig) => void;

/** Values that modules are to have from their first sample on, by flattened id and key. */
export type LinkValues = Record<string, Record<string, Scalar>>;

/** A change of the chain, with the values that belong to the chain it makes. */
export interface LinkEdit {
    title: string;
    change: LinkChange;
    values?: (link: LinkConfig) => LinkValues;
}

/** How an edit failed: the node does not want it, or no answer came, and nobody knows whether the node has made it. */
export type Loss = { is: "refused"; faults: Fault[] } | { is: "lost" };

/** What became of an edit. */
export type Outcome = { is: "done" } | Loss;

/** A chain as the node has it. */
export interface Revision {
    link: LinkConfig;
    /** Undefined from a node that counts none. */
    revision: number | undefined;
}

/** How a write failed: the chain is another one by now, or as an edit. */
export type Failure = { is: "outdated" } | Loss;

export interface LinkEditActions {
    /** Writes a whole chain in place of the revision it was made from; resolves with its own. */
    write: (link: LinkConfig, values: LinkValues, revision: number | undefined) => Promise<number | undefined>;
    /** What an error of `write` means. */
    failure: (error: unknown) => Failure;
    /** The chain to show. */
    show: (link: LinkConfig | null) => void;
    /** Asks for the chain that the node has now. */
    read: () => void;
    written: (title: string) => void;
    refused: (title: string, error: unknown) => void;
}

interface Waiting extends LinkEdit {
    finish: (outcome: Outcome) => void;
}

export class LinkEdits {
    private confirmed: Revision | null = null;
    private readonly waiting: Waiting[] = [];
    private isWriting = false;
    private isOutdated = false;
    private generation = 0;
    private readonly idle = new Idle(() => this.waiting.length === 0);

    constructor(private readonly actions: LinkEditActions) {}

    /** The node says which chain holds. Edits that wait are made on top of it, unless a newer one is on its way. */
    confirm(confirmed: Revision, isNewest = true): void {
        this.confirmed = confirmed;
        if (isNewest) this.isOutdated = false;
        this.show();
        void this.writeNext();
    }

    /** The node has another chain, which is being read: an edit of the old one would take it back, so edits wait. */
    expectAnother(): void {
        this.isOutdated = true;
    }

    /** Makes an edit. */
    edit(edit: LinkEdit): Promise<Outcome> {
        return new Promise((resolve) => {
            if (this.confirmed === null) {
                resolve({ is: "refused", faults: [] });
                return;
            }
            this.waiting.push({ ...edit, finish: resolve });
            this.show();
            void this.writeNext();
        });
    }

    /** Resolves once no edit waits. */
    settled(): Promise<void> {
        return this.idle.reached();
    }

    /**
     * Gives up everything that is not confirmed; before further edits the chain has to be confirmed anew. Returns whether
     * there was something.
     */
    drop(): boolean {
        this.generation += 1;
        this.isWriting = false;
        this.isOutdated = true;
        const dropped = this.waiting.splice(0);
        for (const edit of dropped) edit.finish({ is: "lost" });
        this.idle.look();
        this.show();
        return dropped.length > 0;
    }

    private async writeNext(): Promise<void> {
        const edit = this.waiting[0];
        if (this.isWriting || this.isOutdated || edit === undefined || this.confirmed === null) return;
        const generation = this.generation;
        this.isWriting = true;
        try {
            const link = clone(this.confirmed.link);
            edit.change(link);
            const revision = await this.actions.write(link, edit.values?.(link) ?? {}, this.confirmed.revision);
            if (generation !== this.generation) return;
            this.confirmed = { link, revision };
            this.settle(edit, { is: "done" });
            this.actions.written(edit.title);
        } catch (error) {
            if (generation !== this.generation) return;
            this.fail(edit, error);
        }
        this.isWriting = false;
        void this.writeNext();
    }

    private fail(edit: Waiting, error: unknown): void {
        const failure = this.actions.failure(error);
        if (failure.is === "outdated") {
            // It is made again on top of what somebody else has written.
            this.expectAnother();
            this.actions.read();
            return;
        }
        this.settle(edit, failure);
        this.actions.refused(edit.title, error);
        if (failure.is === "lost") {
            this.expectAnother();
            this.actions.read();
        }
    }

    private settle(edit: Waiting, outcome: Outcome): void {
        this.waiting.splice(this.waiting.indexOf(edit), 1);
        this.show();
        edit.finish(outcome);
        this.idle.look();
    }

    private show(): void {
        if (this.confirmed === null || this.waiting.length === 0) {
            this.actions.show(this.confirmed?.link ?? null);
            return;
        }
        this.actions.show(changed(this.confirmed.link, this.waiting));
    }
}

/** A copy with edits made. One that no longer fits, such as of a module that is gone, is refused when its turn comes. */
function changed(link: LinkConfig, edits: LinkEdit[]): LinkConfig {
    let copy = link;
    for (const edit of edits) {
        const next = clone(copy);
        try {
            edit.change(next);
            copy = next;
        } catch {
            // Shown without it until then.
        }
    }
    return copy;
}

function clone(link: LinkConfig): LinkConfig {
    return JSON.parse(JSON.stringify(link)) as LinkConfig;
}
