// Steep filters as rows of bands: Butterworth and Linkwitz-Riley, with the formulas of the node's EqCascade.
import type { Filter } from "./biquad";

export type Family = "butterworth" | "linkwitzRiley";
export type Shape = "lowPass" | "highPass";

/** The orders that a family has. */
export function ordersOf(family: Family): readonly number[] {
    return family === "butterworth" ? [1, 2, 3, 4, 5, 6, 7, 8] : [2, 4, 6, 8];
}

/** dB an octave beyond the frequency, rounded as is usual. */
export function slopeOf(order: number): number {
    return order * 6;
}

/**
 * The bands of a steep filter at `frequency` Hz; empty for an order that the family does not have.
 *
 * Butterworth of order n has sections with Q = 1 / (2 cos θ) for the angles θ of its pole pairs from the negative real
 * axis, and one first-order section when n is odd. Linkwitz-Riley of order 2n is Butterworth of order n twice.
 */
export function cascade(family: Family, shape: Shape, order: number, frequency: number): Filter[] {
    if (!ordersOf(family).includes(order)) return [];
    if (family === "butterworth") return butterworth(shape, order, frequency);
    const half = butterworth(shape, order / 2, frequency);
    return [...half, ...half.map((band) => ({ ...band }))];
}

function butterworth(shape: Shape, order: number, frequency: number): Filter[] {
    const bands: Filter[] = [];
    const isOdd = order % 2 === 1;
    if (isOdd) {
        const type = shape === "lowPass" ? "lowPass1" : "highPass1";
        bands.push({ type, frequency, gainDb: 0, q: Math.fround(Math.SQRT1_2) });
    }
    for (let pair = 0; pair < Math.floor(order / 2); pair++) {
        const angle = (Math.PI * (2 * pair + 1 + (isOdd ? 1 : 0))) / (2 * order);
        bands.push({ type: shape, frequency, gainDb: 0, q: Math.fround(1 / (2 * Math.cos(angle))) });
    }
    return bands;
}
