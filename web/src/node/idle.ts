/** Lets others wait until nothing is under way. */
export class Idle {
    private readonly waiting: (() => void)[] = [];

    constructor(private readonly isIdle: () => boolean) {}

    reached(): Promise<void> {
        return this.isIdle() ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
    }

    /** To be called when something has come to its end. */
    look(): void {
        if (this.isIdle()) for (const resolve of this.waiting.splice(0)) resolve();
    }
}
