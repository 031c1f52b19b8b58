import { notify } from "../../frame/notices";
import { readStored, writeStored } from "../../frame/storage";
import { flattened, registerKeys, ui } from "../../frame/ui";
import { Observable, useSelected } from "../../node/select";
import { node } from "../../node/store";
import type { SpectrumEvent, SpectrumPoint } from "../../node/types";
import { chainInput, chainOutput } from "../bank";
import { MeterSource, metersOf } from "../sources";
import { Averaging, SpectrumCurve } from "./curve";
import { Grid } from "./grid";

/** How spectra are shown; remembered by the browser. */
export interface SpectrumSettings {
    wires: SpectrumPoint[];
    averaging: Averaging;
    /** Octaves; 0 is none. */
    smoothing: number;
    /** dB an octave. */
    tilt: number;
    topDb: number;
    spanDb: number;
    /** Samples of a transform. */
    size: number;
    showsPeak: boolean;
}

/** What can be chosen. */
export const spectrumChoices = {
    averaging: ["none", "fast", "slow", "infinite"] as Averaging[],
    smoothing: [0, 1 / 12, 1 / 6, 1 / 3, 1 / 2, 1],
    tilt: [0, 3, 4.5],
    topDb: [20, 10, 0, -20, -40],
    spanDb: [40, 60, 90, 120],
    size: [2048, 4096, 8192, 16_384, 32_768],
};

/** Most curves at a time; each has its colour. */
export const mostWires = 8;

/** Curves' colours in order, neighbours far apart. */
export const curveColours = [5, 1, 3, 7, 4, 0, 6, 2].map((band) => `--band-${band}`);

const key = "soundpost.spectrum";
const usual: SpectrumSettings = {
    wires: [{ instanceId: "$io", port: "output" }],
    averaging: "fast", smoothing: 1 / 12, tilt: 0, topDb: 0, spanDb: 90, size: 8192, showsPeak: false,
};

/** A wire's name inside the page. */
export function wireName(point: SpectrumPoint): string {
    return `${point.instanceId} ${point.port} ${point.channel ?? ""}`;
}

function isWire(value: unknown): value is SpectrumPoint {
    if (typeof value !== "object" || value === null) return false;
    const { instanceId, port, channel } = value as Record<string, unknown>;
    return typeof instanceId === "string" && (port === "input" || port === "output")
        && (channel === undefined || (Number.isInteger(channel) && Number(channel) >= 0));
}

/** Settings from whatever was stored: what does not fit is the usual. */
export function spectrumSettingsFrom(stored: unknown): SpectrumSettings {
    if (typeof stored !== "object" || stored === null) return usual;
    const read = stored as Partial<Record<keyof SpectrumSettings, unknown>>;
    const pick = <T>(choices: readonly T[], value: unknown, otherwise: T) => (
        choices.find((choice) => choice === value) ?? otherwise
    );
    return {
        wires: Array.isArray(read.wires) ? read.wires.filter(isWire).slice(0, mostWires) : usual.wires,
        averaging: pick(spectrumChoices.averaging, read.averaging, usual.averaging),
        smoothing: pick(spectrumChoices.smoothing, read.smoothing, usual.smoothing),
        tilt: pick(spectrumChoices.tilt, read.tilt, usual.tilt),
        topDb: pick(spectrumChoices.topDb, read.topDb, usual.topDb),
        spanDb: pick(spectrumChoices.spanDb, read.spanDb, usual.spanDb),
        size: pick(spectrumChoices.size, read.size, usual.size),
        showsPeak: read.showsPeak === true,
    };
}

const state = new Observable<SpectrumSettings>(spectrumSettingsFrom(readStored(key)));

/** What has been measured; it outlives the pane. */
export class SpectrumBank {
    grid: Grid = { minHz: 20, maxHz: 20_000, count: 240 };
    readonly curves = new Map<string, SpectrumCurve>();
    /** Curves as they were when they were kept, by wire. */
    readonly references = new Map<string, Float32Array>();
    isFrozen = false;
    private readonly places = new Map<string, number>();
    /** Counts up with everything that changes the picture. */
    version = 0;

    update(event: SpectrumEvent, averaging: Averaging, now: number): void {
        if (this.isFrozen) return;
        for (const point of event.points) {
            this.grid = { minHz: event.minHz, maxHz: event.maxHz, count: point.db.length };
            const name = wireName(point);
            const curve = this.curves.get(name) ?? new SpectrumCurve();
            this.curves.set(name, curve);
            curve.update(point.db, averaging, now);
        }
        this.version += 1;
    }

    /** Average and peak hold begin again. */
    restart(): void {
        for (const curve of this.curves.values()) {
            curve.restart();
            curve.clearPeak();
        }
        this.version += 1;
    }

    /** The colour of a wire: it keeps it as long as it is shown, whatever comes and goes beside it. */
    colour(name: string): string {
        let place = this.places.get(name);
        if (place === undefined) {
            const taken = new Set(this.places.values());
            place = curveColours.findIndex((_, index) => !taken.has(index));
            this.places.set(name, Math.max(0, place));
        }
        return curveColours[Math.max(0, place)];
    }

    /** Forgets wires that are no longer shown. */
    keep(names: readonly string[]): void {
        for (const name of [...this.places.keys()]) {
            if (!names.includes(name)) this.places.delete(name);
        }
        for (const name of [...this.curves.keys()]) {
            if (!names.includes(name)) this.curves.delete(name);
        }
        this.version += 1;
    }

    /** Keeps the curves as they are, to compare later ones with them. */
    takeReference(): void {
        this.references.clear();
        for (const [name, curve] of this.curves) this.references.set(name, Float32Array.from(curve.average));
        this.version += 1;
    }

    clearReference(): void {
        this.references.clear();
        this.version += 1;
    }
}

export const spectra = new SpectrumBank();

export const spectrum = {
    getState: state.get,

    change(parts: Partial<SpectrumSettings>): void {
        state.update(parts);
        spectra.version += 1;
        writeStored(key, state.get());
    },

    /** Adds or takes away a wire. */
    set(wire: SpectrumPoint, isChosen: boolean): void {
        const others = state.get().wires.filter((each) => wireName(each) !== wireName(wire));
        if (isChosen && others.length >= mostWires) {
            notify("info", `At most ${mostWires} wires are shown at once: take one away first.`);
            return;
        }
        spectrum.change({ wires: isChosen ? [...others, wire] : others });
    },

    /** Shows what comes out of the modules selected in the flow, or no longer. */
    toggleSelection(): void {
        const known = new Set(metersOf(node.getState().link).map((source) => source.id));
        const ids = ui.getState().selection.map(flattened).filter((id) => known.has(id));
        if (ids.length === 0) {
            notify("info", "Select a module in the signal flow to see its spectrum.");
            return;
        }
        const names = state.get().wires.map(wireName);
        const wires = ids.map((instanceId): SpectrumPoint => ({ instanceId, port: "output" }));
        const isThere = wires.every((wire) => names.includes(wireName(wire)));
        for (const wire of wires) spectrum.set(wire, !isThere);
        if (!isThere) ui.open("spectrum");
    },
};

export function useSpectrum<T>(select: (settings: SpectrumSettings) => T): T {
    return useSelected(state, select);
}

/** The places of a source where a spectrum can be taken. */
export function wiresOf(source: MeterSource): { port: "input" | "output"; point: SpectrumPoint; channels: number }[] {
    if (source.id === chainInput || source.id === chainOutput) {
        const port = source.id === chainInput ? "input" : "output";
        return [{ port, point: { instanceId: "$io", port }, channels: source.outputs }];
    }
    const ports = [{ port: "input", channels: source.inputs }, { port: "output", channels: source.outputs }] as const;
    return ports.filter(({ channels }) => channels > 0)
        .map(({ port, channels }) => ({ port, channels, point: { instanceId: source.id, port } }));
}

/** What a wire is called: "Trim out", "Chain output, channel 2"; undefined when the chain does not have it. */
export function wireLabel(wire: SpectrumPoint, sources: readonly MeterSource[]): string | undefined {
    const isEnd = wire.instanceId === "$io";
    const id = isEnd ? `$io:${wire.port}` : wire.instanceId;
    const source = sources.find((each) => each.id === id);
    if (!source) return undefined;
    const place = isEnd ? source.label : `${source.label} ${wire.port === "input" ? "in" : "out"}`;
    return wire.channel === undefined ? place : `${place} ch ${wire.channel + 1}`;
}

registerKeys("global", {
    "shift+s": { title: "Spectrum of the selected modules, or no longer", run: () => spectrum.toggleSelection() },
});
