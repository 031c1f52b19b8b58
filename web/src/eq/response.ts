// What sections do to level, phase and delay, over a grid of frequencies.
import type { Coefficients } from "./biquad";

/** Below this a level is drawn and stated as nothing, dB. */
export const floorDb = -400;

/** Frequencies and what every evaluation at them needs; made once for a width and a rate. */
export interface Grid {
    readonly sampleRate: number;
    /** Hz, rising */
    readonly frequencies: Float64Array;
    /** 2 sin²(w/2) = 1 − cos w, sin w and cos w of each */
    readonly v: Float64Array;
    readonly sin: Float64Array;
    readonly cos: Float64Array;
}

/** A grid of `count` frequencies at equal ratios from `low` to `high` Hz. */
export function logGrid(sampleRate: number, low: number, high: number, count: number): Grid {
    const frequencies = new Float64Array(count);
    for (let i = 0; i < count; i++) frequencies[i] = low * Math.pow(high / low, count > 1 ? i / (count - 1) : 0);
    return gridAt(sampleRate, frequencies);
}

/** A grid of given frequencies, Hz. */
export function gridAt(sampleRate: number, frequencies: Float64Array): Grid {
    const count = frequencies.length;
    const grid = {
        sampleRate,
        frequencies,
        v: new Float64Array(count),
        sin: new Float64Array(count),
        cos: new Float64Array(count),
    };
    for (let i = 0; i < count; i++) {
        const w = (2 * Math.PI * frequencies[i]) / sampleRate;
        const half = Math.sin(w / 2);
        grid.v[i] = 2 * half * half;
        grid.sin[i] = Math.sin(w);
        grid.cos[i] = Math.cos(w);
    }
    return grid;
}

/**
 * A polynomial c0 + c1 z⁻¹ + c2 z⁻², turned by z: (sum − (c0+c2) v) + j (c0−c2) sin w. The turn is the same above and
 * below the line of a fraction. `sum` is c0 + c1 + c2 without the rounding of c0 + c2, so that low frequencies keep
 * all their digits.
 */
interface Turned {
    sum: number;
    even: number;
    odd: number;
}

function turned(c0: number, c1: number, c2: number): Turned {
    const even = c0 + c2;
    // The part of c0 + c2 that rounding took (Knuth's two-sum).
    const back = even - c0;
    const lost = c0 - (even - back) + (c2 - back);
    return { sum: even + c1 + lost, even, odd: c0 - c2 };
}

const logFactor = 10 / Math.LN10;

/** Level of one section at each frequency of the grid, dB, written into `out`. */
export function writeMagnitude(c: Coefficients, grid: Grid, out: Float64Array): void {
    const b = turned(c.b0, c.b1, c.b2);
    const a = turned(1, c.a1, c.a2);
    const { v, sin } = grid;
    for (let i = 0; i < out.length; i++) {
        const br = b.sum - b.even * v[i];
        const bi = b.odd * sin[i];
        const ar = a.sum - a.even * v[i];
        const ai = a.odd * sin[i];
        const ratio = (br * br + bi * bi) / (ar * ar + ai * ai);
        out[i] = ratio > 0 ? Math.max(floorDb, logFactor * Math.log(ratio)) : floorDb;
    }
}

/** Phase of one section, radians, within ±π. */
export function writePhase(c: Coefficients, grid: Grid, out: Float64Array): void {
    const b = turned(c.b0, c.b1, c.b2);
    const a = turned(1, c.a1, c.a2);
    const { v, sin } = grid;
    for (let i = 0; i < out.length; i++) {
        const br = b.sum - b.even * v[i];
        const bi = b.odd * sin[i];
        const ar = a.sum - a.even * v[i];
        const ai = a.odd * sin[i];
        out[i] = Math.atan2(bi * ar - br * ai, br * ar + bi * ai);
    }
}

/** Group delay of one section, ms. Where the section passes nothing its delay is 0. */
export function writeGroupDelay(c: Coefficients, grid: Grid, out: Float64Array): void {
    const b = turned(c.b0, c.b1, c.b2);
    const a = turned(1, c.a1, c.a2);
    const perMs = 1000 / grid.sampleRate;
    for (let i = 0; i < out.length; i++) {
        out[i] = (slope(a, grid, i) - slope(b, grid, i)) * perMs;
    }
}

/** The derivative of a polynomial's angle to w, at one frequency: samples. */
function slope(p: Turned, grid: Grid, i: number): number {
    const re = p.sum - p.even * grid.v[i];
    const im = p.odd * grid.sin[i];
    const power = re * re + im * im;
    if (power < 1e-24) return 0;
    return (re * p.odd * grid.cos[i] + im * p.even * grid.sin[i]) / power;
}

/** Level of sections in series at each frequency of the grid, dB. */
export function seriesMagnitude(sections: readonly Coefficients[], grid: Grid): Float64Array {
    const sum = new Float64Array(grid.frequencies.length);
    const one = new Float64Array(sum.length);
    for (const section of sections) {
        writeMagnitude(section, grid, one);
        for (let i = 0; i < sum.length; i++) sum[i] = Math.max(floorDb, sum[i] + one[i]);
    }
    return sum;
}
