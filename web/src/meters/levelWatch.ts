// Which levels the node is asked for.

/** Times between two updates while meters are looked at, and while only their clip lights wait, ms. */
export const updateMs = { shown: 50, hidden: 500 };

/** Asks for modules' levels until the function that it returns is called. */
export type Subscribe = (modules: string[], intervalMs: number) => () => void;

/** Keeps up the one wish of all meters: a clip light is lit whether its pane is in front or not. */
export class LevelWatch {
    private sources: readonly string[] = [];
    private isShown = false;
    private end: (() => void) | undefined;

    constructor(private readonly subscribe: Subscribe) {}

    /** What is metered: flattened ids, and the chain's own ends. */
    choose(sources: readonly string[]): void {
        if (sources.join(" ") === this.sources.join(" ")) return;
        this.sources = [...sources];
        this.renew();
    }

    /** Whether the meters are looked at. */
    show(isShown: boolean): void {
        if (isShown === this.isShown) return;
        this.isShown = isShown;
        this.renew();
    }

    private renew(): void {
        this.end?.();
        this.end = undefined;
        if (this.sources.length === 0) return;
        const modules = this.sources.filter((id) => !id.startsWith("$io"));
        this.end = this.subscribe(modules, this.isShown ? updateMs.shown : updateMs.hidden);
    }
}
