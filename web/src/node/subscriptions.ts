// What all panes together want to be told of, as the one subscription that a client has.
import type { SpectrumEvent, SpectrumPoint } from "./types";

interface MetricsWish {
    modules: string[] | "all";
    intervalMs: number;
}

interface SpectrumWish {
    points: SpectrumPoint[];
    intervalMs: number;
    size: number | undefined;
    listener: (event: SpectrumEvent) => void;
}

type Message = { type: string; [key: string]: unknown };

/** The union of what is wished: all modules of any wish, the shortest interval. Null when nothing is. */
export function metricsMessage(wishes: Iterable<MetricsWish>): Message | null {
    const all = [...wishes];
    if (all.length === 0) return null;
    const intervalMs = Math.min(...all.map((wish) => wish.intervalMs));
    if (all.some((wish) => wish.modules === "all")) return { type: "debug_subscribe", intervalMs };
    const modules = new Set(all.flatMap((wish) => wish.modules as string[]));
    return { type: "debug_subscribe", intervalMs, modules: [...modules].sort() };
}

function pointName(point: SpectrumPoint): string {
    return `${point.instanceId} ${point.port} ${point.channel ?? ""}`;
}

/** Likewise for spectra: every point once, the shortest interval, the largest size. */
export function spectrumMessage(wishes: Iterable<SpectrumWish>): Message | null {
    const all = [...wishes].filter((wish) => wish.points.length > 0);
    if (all.length === 0) return null;
    const points = new Map(all.flatMap((wish) => wish.points.map((point) => [pointName(point), point] as const)));
    const sizes = all.flatMap((wish) => (wish.size === undefined ? [] : [wish.size]));
    return {
        type: "spectrum_subscribe",
        points: [...points.values()],
        intervalMs: Math.min(...all.map((wish) => wish.intervalMs)),
        ...(sizes.length > 0 ? { size: Math.max(...sizes) } : {}),
    };
}

/** Keeps the node's subscription in step with the wishes. */
export class Subscriptions {
    private readonly metrics = new Set<MetricsWish>();
    private readonly spectra = new Set<SpectrumWish>();
    private readonly told = { debug: "", spectrum: "" };
    private isDue = false;

    /** `send` is called with what the node has to know; it throws nothing. */
    constructor(private readonly send: (message: Message) => void) {}

    addMetrics(wish: MetricsWish): () => void {
        this.metrics.add(wish);
        this.tellSoon();
        return () => {
            this.metrics.delete(wish);
            this.tellSoon();
        };
    }

    addSpectrum(wish: SpectrumWish): () => void {
        this.spectra.add(wish);
        this.tellSoon();
        return () => {
            this.spectra.delete(wish);
            this.tellSoon();
        };
    }

    /** A new connection: the node knows of nothing. */
    renew(): void {
        this.told.debug = "";
        this.told.spectrum = "";
        this.tell();
    }

    /** Gives every listener what it asked for. */
    hearSpectrum(event: SpectrumEvent): void {
        for (const wish of [...this.spectra]) {
            const names = new Set(wish.points.map(pointName));
            const points = event.points.filter((point) => names.has(pointName(point)));
            if (points.length > 0) wish.listener({ ...event, points });
        }
    }

    /** Panes come and go together: one message does for all of them. */
    private tellSoon(): void {
        if (this.isDue) return;
        this.isDue = true;
        queueMicrotask(() => {
            this.isDue = false;
            this.tell();
        });
    }

    private tell(): void {
        this.tellOne("debug", metricsMessage(this.metrics));
        this.tellOne("spectrum", spectrumMessage(this.spectra));
    }

    private tellOne(kind: "debug" | "spectrum", message: Message | null): void {
        const text = message === null ? "" : JSON.stringify(message);
        if (text === this.told[kind]) return;
        this.told[kind] = text;
        this.send(message ?? { type: `${kind}_unsubscribe` });
    }
}
