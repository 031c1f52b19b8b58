/** How long the buffer is kept and how it is steered. Times in seconds. */
export interface ControlLimits {
    start: number;
    least: number;
    most: number;
    /** What is added at an underrun, beside a quarter of the present target. */
    growth: number;
    /** A calm time after which the target may shrink. */
    calm: number;
    /** What is taken off after each calm time. */
    shrink: number;
    /** When the fill has not been less than this above the target for `window`, it is skipped, not played faster. */
    surplus: number;
    window: number;
    /** Above the target by this much, a skip does not wait. */
    flood: number;
    /** Greatest change of speed, a part of 1. */
    bend: number;
}

/** 60 to 500 ms, beginning at 80; at most 0.2 % (3.5 cents) faster or slower. */
export const usualLimits: ControlLimits = {
    start: 0.08, least: 0.06, most: 0.5, growth: 0.02, calm: 10, shrink: 0.005, surplus: 0.1, window: 0.5, flood: 0.7,
    bend: 0.002,
};

/** `filling`: silent until the target is reached. */
export type Phase = "filling" | "playing";

/**
 * Decides when to play, how fast and when to skip, from nothing but the fill of the buffer. It knows no samples and no
 * clock but the time it is told has been played.
 *
 * The speed follows the fill by a slow proportional and a still slower integral part, which comes to know the
 * difference of the two clocks.
 */
export class JitterControl {
    phase: Phase = "filling";
    /** The fill that is aimed at, seconds. */
    target: number;
    /** How much faster than the stream's own clock, a part of 1. */
    bend = 0;
    underruns = 0;
    skips = 0;

    private integral = 0;
    private mean = 0;
    private calmFor = 0;
    private leastFill = Infinity;
    private windowFor = 0;
    private windowLeast = Infinity;

    constructor(readonly limits: ControlLimits = usualLimits) {
        this.target = limits.start;
    }

    /** Tells the fill while nothing is played. Returns whether playing begins. */
    filled(fill: number): boolean {
        if (this.phase === "playing") return false;
        if (fill < this.target) return false;
        this.phase = "playing";
        this.mean = fill;
        this.leastFill = fill;
        this.calmFor = 0;
        this.beginWindow();
        return true;
    }

    private beginWindow(): void {
        this.windowFor = 0;
        this.windowLeast = Infinity;
    }

    /** Tells the fill after `seconds` have been played. Returns how much to skip, usually 0; seconds. */
    played(fill: number, seconds: number): number {
        if (this.phase !== "playing") return 0;
        this.mean += (fill - this.mean) * Math.min(1, seconds / 0.5);
        this.steer(seconds);
        this.settle(fill, seconds);
        const skip = this.surplus(fill, seconds);
        if (skip === 0) return 0;
        this.skips += 1;
        this.mean = this.target;
        return skip;
    }

    /** What can be left out for good: a burst that only makes up for a late one is no surplus. */
    private surplus(fill: number, seconds: number): number {
        const { surplus, window, flood } = this.limits;
        this.windowFor += seconds;
        this.windowLeast = Math.min(this.windowLeast, fill);
        const isFlood = fill > this.target + flood;
        if (!isFlood && this.windowFor < window) return 0;
        const least = isFlood ? fill : this.windowLeast;
        this.beginWindow();
        return least > this.target + surplus ? least - this.target : 0;
    }

    private steer(seconds: number): void {
        const proportional = 0.05;
        const { bend } = this.limits;
        const error = this.mean - this.target;
        const integral = this.integral + error * seconds * ((proportional * proportional) / 4);
        this.integral = Math.min(bend / 2, Math.max(-bend / 2, integral));
        this.bend = Math.min(bend, Math.max(-bend, proportional * error + this.integral));
    }

    private settle(fill: number, seconds: number): void {
        this.leastFill = Math.min(this.leastFill, fill);
        this.calmFor += seconds;
        if (this.calmFor < this.limits.calm) return;
        // Half of the target was never needed: a little less is enough.
        const { least, shrink } = this.limits;
        if (this.leastFill > this.target / 2) this.target = Math.max(least, this.target - shrink);
        this.calmFor = 0;
        this.leastFill = fill;
    }

    /** The buffer has run dry while playing: fill again, higher than before. */
    ranDry(): void {
        this.phase = "filling";
        this.underruns += 1;
        this.target = Math.min(this.limits.most, this.target * 1.25 + this.limits.growth);
        this.calmFor = 0;
    }

    /** Fills again without blame: the stream has stopped or become another one. */
    refill(): void {
        this.phase = "filling";
        this.calmFor = 0;
    }
}
