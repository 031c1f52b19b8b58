// The curves of one channel, kept as long as nothing changes: a drag computes the dragged band and a sum.
import { design, type Coefficients, type Filter } from "./biquad";
import type { Band } from "./bands";
import { floorDb, writeGroupDelay, writeMagnitude, writePhase, type Grid } from "./response";

/** What can be asked of a band or of all in series. */
export type Quantity = "magnitude" | "phase" | "delay";

interface Kept {
    band: Band | null;
    coefficients: Coefficients | null;
    magnitude: Float64Array;
    phase: Float64Array | null;
    delay: Float64Array | null;
}

const writers = { magnitude: writeMagnitude, phase: writePhase, delay: writeGroupDelay };

function isSameShape(a: Filter, b: Filter): boolean {
    return a.type === b.type && a.frequency === b.frequency && a.gainDb === b.gainDb && a.q === b.q;
}

/** Levels (dB), phases (radians, within ±π, running on in the sum) and delays (ms) of one channel's bands on a grid. */
export class Curves {
    private readonly kept: Kept[] = [];
    private readonly sums: Record<Quantity, Float64Array | null> = { magnitude: null, phase: null, delay: null };
    /** Sections evaluated since the beginning; says in tests how much a change costs. */
    evaluations = 0;

    constructor(readonly grid: Grid) {}

    /** Takes the bands over; returns whether anything changed. */
    update(bands: readonly Band[]): boolean {
        let isChanged = false;
        bands.forEach((band, i) => {
            const kept = this.kept[i];
            if (kept?.band && isSameShape(kept.band, band) && kept.band.isEnabled === band.isEnabled) return;
            isChanged = true;
            const isShapeKept = kept?.band && isSameShape(kept.band, band);
            if (isShapeKept) {
                kept.band = { ...band };
                return;
            }
            const coefficients = design(band, this.grid.sampleRate);
            const magnitude = kept?.magnitude ?? new Float64Array(this.grid.frequencies.length);
            writeMagnitude(coefficients, this.grid, magnitude);
            this.evaluations++;
            this.kept[i] = { band: { ...band }, coefficients, magnitude, phase: null, delay: null };
        });
        if (isChanged) this.sums.magnitude = this.sums.phase = this.sums.delay = null;
        return isChanged;
    }

    /** Level of one band alone, dB. */
    magnitude(band: number): Float64Array {
        return this.kept[band].magnitude;
    }

    /** The enabled bands in series. */
    sum(quantity: Quantity): Float64Array {
        const present = this.sums[quantity];
        if (present) return present;
        const sum = new Float64Array(this.grid.frequencies.length);
        for (const kept of this.kept) {
            if (!kept.band?.isEnabled) continue;
            const one = this.quantity(kept, quantity);
            for (let i = 0; i < sum.length; i++) sum[i] += one[i];
        }
        if (quantity === "magnitude") {
            for (let i = 0; i < sum.length; i++) sum[i] = Math.max(floorDb, sum[i]);
        }
        this.sums[quantity] = sum;
        return sum;
    }

    private quantity(kept: Kept, quantity: Quantity): Float64Array {
        const present = kept[quantity];
        if (present) return present;
        const out = new Float64Array(this.grid.frequencies.length);
        if (kept.coefficients) writers[quantity](kept.coefficients, this.grid, out);
        kept[quantity] = out;
        return out;
    }
}
