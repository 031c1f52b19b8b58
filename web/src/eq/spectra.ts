// The running signal before and behind the equaliser, as curves in time.
import { SpectrumCurve, smoothed } from "../meters/spectrum/curve";
import type { SpectrumEvent, SpectrumPoint } from "../node/types";
import { eqSettings } from "./settings";

/** Levels at equal ratios of frequency. */
export interface SpectrumLine {
    minHz: number;
    maxHz: number;
    /** dBFS */
    db: Float32Array;
    /** highest since the hold began, dBFS; null without hold */
    peak: Float32Array | null;
}

/** Both sides of one channel of an equaliser. */
export class Spectra {
    private readonly curves = { input: new SpectrumCurve(), output: new SpectrumCurve() };
    private readonly lines: { input: SpectrumLine | null; output: SpectrumLine | null } = { input: null, output: null };
    isFrozen = false;

    /** Where to measure. */
    static points(instanceId: string, channel: number): SpectrumPoint[] {
        return [{ instanceId, port: "input", channel }, { instanceId, port: "output", channel }];
    }

    /** Takes what the node measured; returns whether anything is to be drawn. */
    hear(event: SpectrumEvent, instanceId: string, channel: number, now: number): boolean {
        if (this.isFrozen) return false;
        const { smoothing, holdsPeaks } = eqSettings.get();
        let isNew = false;
        for (const point of event.points) {
            if (point.instanceId !== instanceId || point.channel !== channel) continue;
            const curve = this.curves[point.port];
            curve.update(point.db, "fast", now);
            const grid = { minHz: event.minHz, maxHz: event.maxHz, count: point.db.length };
            this.lines[point.port] = {
                minHz: event.minHz,
                maxHz: event.maxHz,
                db: smoothed(grid, curve.average, smoothing),
                peak: holdsPeaks ? smoothed(grid, curve.peak, smoothing) : null,
            };
            isNew = true;
        }
        return isNew;
    }

    /** The line of one side; null before the first measurement. */
    line(port: "input" | "output"): SpectrumLine | null {
        return this.lines[port];
    }

    /** Begins the highest levels again. */
    clearPeaks(): void {
        this.curves.input.clearPeak();
        this.curves.output.clearPeak();
    }

    /** Forgets everything: another channel or instance is measured from now on. */
    clear(): void {
        this.curves.input = new SpectrumCurve();
        this.curves.output = new SpectrumCurve();
        this.lines.input = this.lines.output = null;
        this.isFrozen = false;
    }
}
