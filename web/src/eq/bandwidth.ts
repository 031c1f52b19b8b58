// Q, bandwidth in octaves and shelf slope: three ways to say how wide a filter is.

/**
 * Bandwidth in octaves for a Q: between the half-gain points of a peak, the −3 dB points of a band-pass or notch, of
 * the analogue prototype. 2 asinh(1 / 2Q) / ln 2.
 */
export function octavesOfQ(q: number): number {
    return (2 * Math.asinh(1 / (2 * q))) / Math.LN2;
}

/**
 * Q for a bandwidth in octaves that shall hold after the bilinear transform: 1/Q = 2 sinh(ln 2/2 · BW · w0/sin w0).
 *
 * Source: Robert Bristow-Johnson, Audio EQ Cookbook.
 */
export function qOfDigitalOctaves(octaves: number, frequency: number, sampleRate: number): number {
    const w0 = (2 * Math.PI * frequency) / sampleRate;
    return 1 / (2 * Math.sinh((Math.LN2 / 2) * octaves * (w0 / Math.sin(w0))));
}

/**
 * Q of a shelf for the cookbook's slope S: 1/Q² = (A + 1/A)(1/S − 1) + 2 with A = 10^(gain/40). S = 1 is the steepest
 * shelf without a hump. Not a number where no such shelf exists.
 */
export function qOfSlope(slope: number, gainDb: number): number {
    const a = Math.pow(10, gainDb / 40);
    const square = (a + 1 / a) * (1 / slope - 1) + 2;
    return square > 0 ? 1 / Math.sqrt(square) : NaN;
}

/** The inverse of `qOfSlope`. */
export function slopeOfQ(q: number, gainDb: number): number {
    const a = Math.pow(10, gainDb / 40);
    return 1 / ((1 / (q * q) - 2) / (a + 1 / a) + 1);
}
