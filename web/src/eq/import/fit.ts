// The nearest band within the equaliser's ranges to a curve that no band has exactly.
import { design, hasGain, hasQ, type Filter, type FilterType } from "../biquad";
import { clampBand, type BandLimits } from "../bands";
import { gridAt, logGrid, writeMagnitude, type Grid } from "../response";

/** Below this, relative to the target's peak, a deviation is not looked at, dB. */
const depth = 60;
const steps = 260;

/**
 * The frequencies at which an import is compared with what it stands for: 10 Hz up to 24 kHz or 0.49 of the rate, and
 * more of them around filters that are narrow.
 */
export function comparisonGrid(sampleRate: number, around: readonly Filter[] = []): Grid {
    const high = Math.min(24000, 0.49 * sampleRate);
    const frequencies = Array.from(logGrid(sampleRate, 10, high, 241).frequencies);
    for (const filter of around) {
        for (let k = -16; k <= 16; k++) {
            const frequency = filter.frequency * Math.pow(1 + 1 / Math.max(1, filter.q), k / 8);
            if (frequency >= 10 && frequency <= high) frequencies.push(frequency);
        }
    }
    return gridAt(sampleRate, Float64Array.from(frequencies).sort());
}

/** The largest difference between two curves, dB, where the target is within 60 dB of its peak or the other is. */
export function deviation(target: Float64Array, actual: Float64Array): number {
    let peak = -Infinity;
    for (const db of target) peak = Math.max(peak, db);
    const low = peak - depth;
    let worst = 0;
    for (let i = 0; i < target.length; i++) {
        worst = Math.max(worst, Math.abs(Math.max(low, target[i]) - Math.max(low, actual[i])));
    }
    return worst;
}

/** A fitted band and how far its curve is from the target at most, dB. */
export interface Fit {
    filter: Filter;
    deviationDb: number;
}

/** The band of a type whose curve is nearest to `target`, searched from `start`. */
export function fit(target: Float64Array, grid: Grid, start: Filter, limits: BandLimits): Fit {
    const out = new Float64Array(target.length);
    const filterAt = (x: readonly number[]): Filter =>
        clampBand({ type: start.type, frequency: Math.exp(x[0]), gainDb: x[1], q: Math.exp(x[2]) }, limits);
    const cost = (x: readonly number[]): number => {
        const wanted = [Math.exp(x[0]), x[1], Math.exp(x[2])];
        const filter = filterAt(x);
        writeMagnitude(design(filter, grid.sampleRate), grid, out);
        // Being outside costs a little, so that the search comes back to the edge.
        const outside =
            Math.abs(Math.log(wanted[0] / filter.frequency)) + Math.abs(wanted[1] - filter.gainDb) +
            Math.abs(Math.log(wanted[2] / filter.q));
        return deviation(target, out) + 1e-3 * outside;
    };
    const inside = clampBand(start, limits);
    const free = [true, hasGain(start.type), hasQ(start.type)];
    const best = search(cost, [Math.log(inside.frequency), inside.gainDb, Math.log(inside.q)], free);
    const filter = filterAt(best);
    writeMagnitude(design(filter, grid.sampleRate), grid, out);
    return { filter, deviationDb: deviation(target, out) };
}

/** The nearest band of any of these types. */
export function fitAny(
    target: Float64Array, grid: Grid, start: Omit<Filter, "type">, types: readonly FilterType[], limits: BandLimits,
): Fit {
    const fits = types.map((type) => fit(target, grid, { ...start, type }, limits));
    return fits.reduce((best, one) => (one.deviationDb < best.deviationDb ? one : best));
}

/** Nelder and Mead's simplex over the free coordinates. */
function search(cost: (x: readonly number[]) => number, start: number[], free: readonly boolean[]): number[] {
    const axes = start.map((_, i) => i).filter((i) => free[i]);
    const spread = [0.3, 2, 0.5];
    const points = [start, ...axes.map((axis) => start.map((x, i) => (i === axis ? x + spread[axis] : x)))];
    const simplex = points.map((x) => ({ x, cost: cost(x) }));
    const worst = simplex.length - 1;
    for (let step = 0; step < steps; step++) {
        simplex.sort((a, b) => a.cost - b.cost);
        const centre = start.map((_, i) => simplex.slice(0, worst).reduce((sum, p) => sum + p.x[i], 0) / worst);
        const along = (t: number): { x: number[]; cost: number } => {
            const x = centre.map((c, i) => c + t * (simplex[worst].x[i] - c));
            return { x, cost: cost(x) };
        };
        const mirrored = along(-1);
        if (mirrored.cost < simplex[0].cost) {
            const further = along(-2);
            simplex[worst] = further.cost < mirrored.cost ? further : mirrored;
        } else if (mirrored.cost < simplex[worst - 1].cost) {
            simplex[worst] = mirrored;
        } else {
            const nearer = along(mirrored.cost < simplex[worst].cost ? -0.5 : 0.5);
            if (nearer.cost < simplex[worst].cost) {
                simplex[worst] = nearer;
            } else {
                for (let i = 1; i <= worst; i++) {
                    const x = simplex[i].x.map((value, k) => (value + simplex[0].x[k]) / 2);
                    simplex[i] = { x, cost: cost(x) };
                }
            }
        }
    }
    simplex.sort((a, b) => a.cost - b.cost);
    return simplex[0].x;
}
