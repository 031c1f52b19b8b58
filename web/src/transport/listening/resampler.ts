import { StereoRing } from "./ring";

const phases = 256;
const baseTaps = 32;
const beta = 8;

/**
 * Reads a ring at any speed by a windowed sinc, so that a stream of one clock can be played by another. Flat to 0.84 of
 * half the lower rate; it hears `half` frames ahead of where it is.
 */
export class Resampler {
    /** Frames after the present one that it needs. */
    readonly half: number;
    private readonly taps: number;
    private readonly table: Float32Array;
    private fraction = 0;
    /** The frame read last. */
    left = 0;
    right = 0;

    /** @param ratio frames of the stream for each one played, without the small corrections of the speed. */
    constructor(ratio: number) {
        const widening = Math.max(1, Math.ceil(ratio));
        this.taps = baseTaps * widening;
        this.half = this.taps / 2;
        this.table = Resampler.table(this.taps, Math.min(1, 1 / ratio));
    }

    /** Begins at the ring's first frame. */
    reset(): void {
        this.fraction = 0;
    }

    /** Reads one frame and goes on by `step` frames of the ring. The ring must hold `half * 2 + step + 1` frames. */
    read(ring: StereoRing, step: number): void {
        const { mask, start } = ring;
        const place = this.fraction * phases;
        const phase = Math.floor(place);
        const part = place - phase;
        const row = phase * this.taps;
        let left = 0;
        let right = 0;
        for (let tap = 0; tap < this.taps; tap++) {
            const below = this.table[row + tap];
            const weight = below + part * (this.table[row + this.taps + tap] - below);
            const index = (start + tap) & mask;
            left += weight * ring.left[index];
            right += weight * ring.right[index];
        }
        this.left = left;
        this.right = right;
        const next = this.fraction + step;
        const whole = Math.floor(next);
        this.fraction = next - whole;
        ring.drop(whole);
    }

    /** Rows of weights for each phase and one more to interpolate towards; each row sums to 1. */
    private static table(taps: number, cutoff: number): Float32Array {
        const table = new Float32Array((phases + 1) * taps);
        const norm = bessel(beta);
        for (let phase = 0; phase <= phases; phase++) {
            const row: number[] = [];
            for (let tap = 0; tap < taps; tap++) {
                const x = tap - (taps / 2 - 1) - phase / phases;
                const edge = (2 * x) / taps;
                const window = Math.abs(edge) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - edge * edge)) / norm;
                row.push(cutoff * sinc(cutoff * x) * window);
            }
            const sum = row.reduce((total, value) => total + value, 0);
            row.forEach((value, tap) => { table[phase * taps + tap] = value / sum; });
        }
        return table;
    }
}

function sinc(x: number): number {
    return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Modified Bessel function of the first kind, order 0: the Kaiser window's. */
function bessel(x: number): number {
    let sum = 1;
    let term = 1;
    for (let k = 1; k < 40; k++) {
        term *= (x / (2 * k)) ** 2;
        sum += term;
    }
    return sum;
}
