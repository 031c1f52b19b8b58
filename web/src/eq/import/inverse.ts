// From coefficients back to bands: the analogue prototype of the bilinear transform, and which of our filters it is.
import type { Filter, FilterType } from "../biquad";

/** Bands that have exactly the coefficients' curve, times a flat gain. */
export interface Inverse {
    filters: Filter[];
    /** dB */
    gainDb: number;
    /** The flat gain turns the signal over. */
    isInverted: boolean;
}

/** n2 s² + n1 s + n0 in the warped frequency s, where 1 is a quarter of the rate. */
interface Prototype {
    n2: number;
    n1: number;
    n0: number;
}

const tiny = 1e-9;

function prototype(c: readonly number[]): Prototype {
    const [c0, c1, c2] = [c[0], c[1] ?? 0, c[2] ?? 0];
    return { n2: c0 - c1 + c2, n1: 2 * (c0 - c2), n0: c0 + c1 + c2 };
}

/** Whether all poles lie inside the unit circle. */
export function isStable(a: readonly number[]): boolean {
    const a1 = (a[1] ?? 0) / a[0];
    const a2 = (a[2] ?? 0) / a[0];
    return Math.abs(a2) < 1 && Math.abs(a1) < 1 + a2;
}

/**
 * The bands whose product is b(z)/a(z) at a sample rate (Hz), of first or second order; undefined where no bands are it.
 *
 * A section of our types is one band. Any other section of second order whose zeros and poles are neither at 0 nor at
 * half the rate is a shelf from the poles' frequency to the zeros', and a peak that sets the zeros' Q.
 */
export function inverse(b: readonly number[], a: readonly number[], sampleRate: number): Inverse | undefined {
    if (b.concat(a).some((c) => !Number.isFinite(c)) || a[0] === 0 || !isStable(a)) return undefined;
    const isFirstOrder = !(b[2] ?? 0) && !(a[2] ?? 0);
    return isFirstOrder ? firstOrder(b, a, sampleRate) : secondOrder(prototype(b), prototype(a), sampleRate);
}

function hertz(warped: number, sampleRate: number): number {
    return (Math.atan(warped) * sampleRate) / Math.PI;
}

function result(filters: Filter[], gain: number): Inverse {
    return { filters, gainDb: 20 * Math.log10(Math.abs(gain)), isInverted: gain < 0 };
}

function firstOrder(b: readonly number[], a: readonly number[], sampleRate: number): Inverse | undefined {
    const [b0, b1, a0, a1] = [b[0], b[1] ?? 0, a[0], a[1] ?? 0];
    const high = (b0 - b1) / (a0 - a1);
    const low = (b0 + b1) / (a0 + a1);
    const pole = (a0 + a1) / (a0 - a1);
    const band = (type: FilterType): Filter => ({ type, frequency: hertz(pole, sampleRate), gainDb: 0, q: Math.SQRT1_2 });
    const size = Math.max(Math.abs(high), Math.abs(low));
    if (size === 0) return undefined;
    if (Math.abs(high - low) <= tiny * size) return result([], low);
    if (Math.abs(high) <= tiny * size) return result([band("lowPass1")], low);
    if (Math.abs(low) <= tiny * size) return result([band("highPass1")], high);
    return undefined;
}

function secondOrder(b: Prototype, a: Prototype, sampleRate: number): Inverse | undefined {
    const poles = Math.sqrt(a.n0 / a.n2);
    const q = Math.sqrt(a.n0 * a.n2) / a.n1;
    // The prototype over its poles' frequency: gains at infinity, in the middle and at 0.
    const high = b.n2 / a.n2;
    const middle = b.n1 / a.n1;
    const low = b.n0 / a.n0;
    const size = Math.max(Math.abs(high), Math.abs(middle), Math.abs(low));
    if (size === 0) return undefined;
    const isNone = (gain: number): boolean => Math.abs(gain) <= tiny * size;
    const isSame = (x: number, y: number): boolean => isNone(x - y);
    const band = (type: FilterType, gainDb = 0, bandQ = q, warped = poles): Filter => ({
        type, frequency: hertz(warped, sampleRate), gainDb, q: bandQ,
    });
    if (isNone(high) && isNone(middle)) return result([band("lowPass")], low);
    if (isNone(low) && isNone(middle)) return result([band("highPass")], high);
    if (isNone(low) && isNone(high)) return result([band("bandPass")], middle);
    if (isSame(low, high)) {
        if (isSame(middle, low)) return result([], low);
        if (isNone(middle)) return result([band("notch")], low);
        if (isSame(middle, -low)) return result([band("allPass")], low);
        if (middle / low > 0) {
            const gain = middle / low;
            return result([band("peaking", 20 * Math.log10(gain), q / Math.sqrt(gain))], low);
        }
        return undefined;
    }
    if (!(low / high > 0) || !(b.n1 / b.n2 > 0)) return undefined;
    const zeros = Math.sqrt(b.n0 / b.n2);
    const zeroQ = Math.sqrt(b.n0 * b.n2) / Math.abs(b.n1);
    const centre = Math.sqrt(zeros * poles);
    const shelfDb = 40 * Math.log10(zeros / poles);
    const isLow = Math.abs(Math.log(Math.abs(high))) <= Math.abs(Math.log(Math.abs(low)));
    const shelf = isLow ? band("lowShelf", shelfDb, q, centre) : band("highShelf", -shelfDb, q, centre);
    const peakDb = 20 * Math.log10(q / zeroQ);
    const peak = band("peaking", peakDb, Math.sqrt(q * zeroQ), zeros);
    return result(Math.abs(peakDb) < 1e-7 ? [shelf] : [shelf, peak], isLow ? high : low);
}
