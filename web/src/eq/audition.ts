// Hearing one band alone while it is dragged. The node is told at most one thing at a time, the last one always.

/** What is heard alone: a band-pass. */
export interface Audition {
    /** Hz */
    freq: number;
    q: number;
}

/** Sends the wish to the node; null ends the audition. */
export type SendAudition = (audition: Audition | null) => Promise<unknown>;

/** Begins, moves and surely ends an audition. */
export class Auditioner {
    private wanted: Audition | null = null;
    private sent: Audition | null = null;
    private isSending = false;

    constructor(private readonly send: SendAudition) {}

    /** Whether the node hears, or is to hear, a band alone. */
    get isOn(): boolean {
        return this.wanted !== null || this.sent !== null;
    }

    /** Lets this be heard alone. */
    show(audition: Audition): void {
        this.wanted = audition;
        this.next();
    }

    /** Ends it. Call whenever the pointer, the focus or the pane is gone; it does nothing when nothing was begun. */
    end(): void {
        this.wanted = null;
        this.next();
    }

    private next(): void {
        if (this.isSending || isSame(this.wanted, this.sent)) return;
        const wish = this.wanted;
        this.sent = wish;
        this.isSending = true;
        const done = (): void => {
            this.isSending = false;
            this.next();
        };
        // A refusal of a beginning needs no end; a refusal of an end means that the connection is gone.
        this.send(wish).then(done, () => {
            if (wish !== null) this.wanted = this.sent = null;
            done();
        });
    }
}

function isSame(a: Audition | null, b: Audition | null): boolean {
    return a === b || (a !== null && b !== null && a.freq === b.freq && a.q === b.q);
}
