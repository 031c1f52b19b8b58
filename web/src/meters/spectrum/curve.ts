import { Grid, hertzAt, pointsPerOctave } from "./grid";

/** What the node reports for silence in a spectrum, dB. */
export const spectrumFloorDb = -140;

/** How successive spectra are averaged, in power. */
export type Averaging = "none" | "fast" | "slow" | "infinite";

/** Time constants, seconds. */
export const averagingSeconds = { fast: 0.25, slow: 2 } as const;

/** One curve through time: average and highest values. */
export class SpectrumCurve {
    /** Average, dB; empty before the first spectrum. */
    average: Float32Array = new Float32Array(0);
    /** Highest values since the last clear, dB. */
    peak: Float32Array = new Float32Array(0);

    private power = new Float64Array(0);
    private count = 0;
    private updatedAt = 0;

    /** Takes a spectrum, dB. `now` in milliseconds of any steady clock. */
    update(db: ArrayLike<number>, averaging: Averaging, now: number): void {
        if (db.length !== this.power.length) {
            this.power = new Float64Array(db.length);
            this.average = new Float32Array(db.length);
            this.peak = new Float32Array(db.length).fill(spectrumFloorDb);
            this.count = 0;
        }
        const share = this.share(averaging, now);
        this.count += 1;
        this.updatedAt = now;
        for (let index = 0; index < db.length; index++) {
            const value = Math.max(db[index], spectrumFloorDb);
            this.power[index] += share * (10 ** (value / 10) - this.power[index]);
            this.average[index] = Math.max(10 * Math.log10(this.power[index]), spectrumFloorDb);
            if (value > this.peak[index]) this.peak[index] = value;
        }
    }

    /** How much of the average the newest spectrum makes. */
    private share(averaging: Averaging, now: number): number {
        if (this.count === 0 || averaging === "none") return 1;
        if (averaging === "infinite") return 1 / (this.count + 1);
        return 1 - Math.exp(-Math.max(0, now - this.updatedAt) / 1000 / averagingSeconds[averaging]);
    }

    /** Begins the average again with the next spectrum. */
    restart(): void {
        this.count = 0;
    }

    /** Begins the highest values again. */
    clearPeak(): void {
        this.peak.fill(spectrumFloorDb);
    }
}

/** Mean power over a window of `octaves` around each point; towards the ends the window narrows and stays centred. */
export function smoothed(grid: Grid, db: ArrayLike<number>, octaves: number): Float32Array {
    const result = Float32Array.from(db);
    const half = (octaves * pointsPerOctave(grid)) / 2;
    if (half < 0.5) return result;
    const sums = new Float64Array(db.length + 1);
    for (let index = 0; index < db.length; index++) sums[index + 1] = sums[index] + 10 ** (db[index] / 10);
    for (let index = 0; index < db.length; index++) {
        const reach = Math.min(half, index + 0.5, db.length - 0.5 - index);
        const mean = between(sums, index + 0.5 - reach, index + 0.5 + reach) / (2 * reach);
        // Differences of large sums leave a remainder where nearly nothing is left.
        result[index] = Math.max(10 * Math.log10(Math.max(mean, 1e-14)), spectrumFloorDb);
    }
    return result;
}

/** Sum between two places, of which each point takes up one unit. */
function between(sums: Float64Array, from: number, to: number): number {
    const at = (place: number) => {
        const whole = Math.min(Math.floor(place), sums.length - 2);
        return sums[whole] + (place - whole) * (sums[whole + 1] - sums[whole]);
    };
    return at(to) - at(from);
}

/** Raises the curve by `perOctave` dB an octave, turned about 1 kHz: pink noise lies level at 3 dB. */
export function tilted(grid: Grid, db: ArrayLike<number>, perOctave: number): Float32Array {
    const result = Float32Array.from(db);
    if (perOctave === 0) return result;
    for (let index = 0; index < result.length; index++) {
        result[index] += perOctave * Math.log2(hertzAt(grid, index) / 1000);
    }
    return result;
}

/** Curves as a table for spreadsheets: one row a frequency, one column a curve. */
export function csvOf(grid: Grid, curves: readonly { name: string; db: ArrayLike<number> }[]): string {
    const quoted = (text: string) => `"${text.replace(/"/g, '""')}"`;
    const rows = [["Frequency (Hz)", ...curves.map((curve) => `${curve.name} (dBFS)`)].map(quoted).join(",")];
    for (let index = 0; index < grid.count; index++) {
        const values = curves.map((curve) => (curve.db[index] ?? spectrumFloorDb).toFixed(2));
        rows.push([hertzAt(grid, index).toFixed(2), ...values].join(","));
    }
    return `${rows.join("\r\n")}\r\n`;
}
