// The equaliser's filters, designed as the node's C core designs them (Sources/CDynamicChain/framework/biquad_design.c):
// the same formulas in the same order, with parameters rounded to 32-bit floats first.

import { powerOfTen } from "./power";

/** The types of `common_eq_v1`, in the order of its enumeration. */
export const filterTypes = [
    "peaking", "lowShelf", "highShelf", "lowPass", "highPass", "bandPass", "notch", "allPass", "lowPass1", "highPass1",
] as const;

export type FilterType = (typeof filterTypes)[number];

/** What a section does. `frequency` in Hz, `gainDb` in dB (peaking and shelves only), `q` without unit. */
export interface Filter {
    type: FilterType;
    frequency: number;
    gainDb: number;
    q: number;
}

/** A second-order section with a0 = 1: y = b0 x + b1 x₁ + b2 x₂ − a1 y₁ − a2 y₂. */
export interface Coefficients {
    b0: number;
    b1: number;
    b2: number;
    a1: number;
    a2: number;
}

/** A section that changes nothing; what the core uses where a design is impossible. */
export const identity: Readonly<Coefficients> = { b0: 1, b1: 0, b2: 0, a1: 0, a2: 0 };

/** Whether the type's shape depends on its gain. */
export function hasGain(type: FilterType): boolean {
    return type === "peaking" || type === "lowShelf" || type === "highShelf";
}

/** Whether the type's shape depends on its Q. */
export function hasQ(type: FilterType): boolean {
    return type !== "lowPass1" && type !== "highPass1";
}

/** Whether a string names a type. */
export function isFilterType(name: string): name is FilterType {
    return (filterTypes as readonly string[]).includes(name);
}

/**
 * Designs a section for a sample rate in Hz.
 *
 * With v = 1 − cos w0 taken as 2 sin²(w0/2), denominators are a1 = −2 + small, a2 = 1 − small, so that nothing cancels
 * at low frequencies. Gives `identity` where the core would: a frequency outside 0…rate/2, Q or gain out of all range.
 */
export function design(filter: Filter, sampleRate: number): Coefficients {
    const frequency = Math.fround(filter.frequency);
    const gainDb = Math.fround(filter.gainDb);
    const q = Math.fround(filter.q);
    const isPossible =
        sampleRate > 0 && sampleRate <= 1e9 && frequency > 0 && frequency < 0.5 * sampleRate &&
        q > 0 && q <= 1e6 && gainDb >= -1000 && gainDb <= 1000;
    if (!isPossible) return identity;

    const halfAngle = (Math.PI * frequency) / sampleRate;
    const sine = Math.sin(halfAngle);
    const v = 2 * sine * sine;
    const alpha = Math.sin(2 * halfAngle) / (2 * q);
    const a = powerOfTen(gainDb / 40);
    switch (filter.type) {
        case "peaking": {
            const up = alpha * a;
            const down = alpha / a;
            const a0 = 1 + down;
            const a1 = -2 + (2 * (v + down)) / a0;
            return { b0: (1 + up) / a0, b1: a1, b2: (1 - up) / a0, a1, a2: 1 - (2 * down) / a0 };
        }
        case "lowShelf": {
            const slope = 2 * Math.sqrt(a) * alpha;
            const a0 = 2 * a - (a - 1) * v + slope;
            const even = 2 + (a - 1) * v;
            return {
                b0: (a * (even + slope)) / a0,
                b1: (2 * a * (-2 + (a + 1) * v)) / a0,
                b2: (a * (even - slope)) / a0,
                a1: -2 + (4 * v + 2 * slope) / a0,
                a2: 1 - (2 * slope) / a0,
            };
        }
        case "highShelf": {
            const slope = 2 * Math.sqrt(a) * alpha;
            const a0 = 2 + (a - 1) * v + slope;
            const even = 2 * a - (a - 1) * v;
            return {
                b0: (a * (even + slope)) / a0,
                b1: (-2 * a * (2 * a - (a + 1) * v)) / a0,
                b2: (a * (even - slope)) / a0,
                a1: -2 + (4 * a * v + 2 * slope) / a0,
                a2: 1 - (2 * slope) / a0,
            };
        }
        case "lowPass":
            return withPlainPoles(v, alpha, 0.5 * v, v, 0.5 * v);
        case "highPass": {
            const cosine = Math.cos(halfAngle);
            const opposite = 2 * cosine * cosine;
            return withPlainPoles(v, alpha, 0.5 * opposite, -opposite, 0.5 * opposite);
        }
        case "bandPass":
            return withPlainPoles(v, alpha, alpha, 0, -alpha);
        case "notch": {
            const section = withPlainPoles(v, alpha, 1, 0, 1);
            return { ...section, b1: section.a1 };
        }
        case "allPass": {
            const section = withPlainPoles(v, alpha, 1, 0, 1);
            return { ...section, b0: section.a2, b1: section.a1, b2: 1 };
        }
        case "lowPass1":
            return firstOrder(Math.tan(halfAngle), false);
        case "highPass1":
            return firstOrder(Math.tan(halfAngle), true);
    }
}

/** The denominator that all types but peaking and the shelves share, under a numerator not yet divided by a0. */
function withPlainPoles(v: number, alpha: number, b0: number, b1: number, b2: number): Coefficients {
    const a0 = 1 + alpha;
    return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: -2 + (2 * (v + alpha)) / a0, a2: 1 - (2 * alpha) / a0 };
}

/** k = tan(w0/2); the pole is at (1 − k)/(1 + k). */
function firstOrder(k: number, isHigh: boolean): Coefficients {
    const a0 = 1 + k;
    return { b0: (isHigh ? 1 : k) / a0, b1: (isHigh ? -1 : k) / a0, b2: 0, a1: -1 + (2 * k) / a0, a2: 0 };
}
