// What a drag sends: at most one message a frame, one of them unanswered, and the last value always.
import { Idle } from "./idle";

/** Values of one instance by canonical key. */
export type Values = Record<string, string>;

export interface CoalescerActions {
    /** Sends values of one instance; rejects when they are refused. */
    send: (instance: string, values: Values) => Promise<unknown>;
    /** Calls back before the next picture. */
    frame: (action: () => void) => void;
    confirmed: (instance: string, values: Values) => void;
    refused: (instance: string, values: Values, error: unknown) => void;
}

export class Coalescer {
    private readonly waiting = new Map<string, Values>();
    private isSending = false;
    private isFrameAsked = false;
    /** Counts up when everything is dropped: answers to what was sent before mean nothing then. */
    private generation = 0;
    private readonly idle = new Idle(() => !this.isBusy);

    constructor(private readonly actions: CoalescerActions) {}

    /** Takes values that are to be sent; newer ones take the place of older ones. */
    add(instance: string, values: Values): void {
        this.waiting.set(instance, { ...this.waiting.get(instance), ...values });
        this.ask();
    }

    /** Whether something has not been answered. */
    get isBusy(): boolean {
        return this.isSending || this.waiting.size > 0;
    }

    /** Resolves once everything has been answered. */
    settled(): Promise<void> {
        return this.idle.reached();
    }

    /** Drops what waits and what is unanswered; whoever asks is told which instances that concerned. */
    drop(): string[] {
        const instances = [...this.waiting.keys()];
        this.waiting.clear();
        this.isSending = false;
        this.generation += 1;
        this.idle.look();
        return instances;
    }

    private ask(): void {
        if (this.isFrameAsked || this.isSending || this.waiting.size === 0) return;
        this.isFrameAsked = true;
        this.actions.frame(() => {
            this.isFrameAsked = false;
            this.sendNext();
        });
    }

    private sendNext(): void {
        const next = this.waiting.entries().next();
        if (this.isSending || next.done === true) return;
        const [instance, values] = next.value;
        this.waiting.delete(instance);
        this.isSending = true;
        const generation = this.generation;
        const finish = (tell: () => void): void => {
            if (generation !== this.generation) return;
            this.isSending = false;
            tell();
            this.idle.look();
            this.ask();
        };
        this.actions.send(instance, values).then(
            () => finish(() => this.actions.confirmed(instance, values)),
            (error: unknown) => finish(() => this.actions.refused(instance, values, error)),
        );
    }
}
