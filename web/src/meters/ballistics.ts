import { levelOf, powerOf, silenceDb } from "./decibels";

/** How a meter moves. Attack is always instant: a peak is shown with the update that brings it. */
export interface Ballistics {
    /** Fall of the peak bar and, when its time is over, of the hold mark; dB a second. */
    releaseDbPerSecond: number;
    /** Time constant of the RMS bar's averaging, which is done in power; seconds. 0 shows each update as it comes. */
    rmsSeconds: number;
    /** How long the hold mark stays; seconds. 0 shows none, Infinity keeps it until it is cleared. */
    holdSeconds: number;
}

/** From here on a sample is at full scale, dBFS. */
export const clipDb = 0;

/** After this time without an update a meter falls: the node has stopped or is out of reach. Milliseconds. */
export const staleMs = 400;

/** One channel's meter: takes the node's updates and moves between them. Times are milliseconds of any steady clock. */
export class ChannelMeter {
    /** Peak bar, dBFS. */
    peakDb = silenceDb;
    /** RMS bar, dBFS; a full-scale sine reads −3.01. */
    rmsDb = silenceDb;
    /** Hold mark, dBFS. */
    holdDb = silenceDb;
    /** Highest peak since the last clear, dBFS. */
    maxDb = silenceDb;
    /** Whether a sample has reached full scale since the last clear. */
    clipped = false;

    private sourcePeakDb = silenceDb;
    private sourcePower = 0;
    private power = 0;
    private heldAt = 0;
    private updatedAt = -Infinity;
    private advancedAt = 0;

    /** Takes an update: peak and RMS of the time since the one before, dBFS. */
    update(peakDb: number, rmsDb: number, now: number): void {
        this.sourcePeakDb = peakDb;
        this.sourcePower = powerOf(rmsDb);
        this.updatedAt = now;
        if (peakDb > this.peakDb) this.peakDb = peakDb;
        if (peakDb >= this.holdDb) {
            this.holdDb = peakDb;
            this.heldAt = now;
        }
        if (peakDb > this.maxDb) this.maxDb = peakDb;
        if (peakDb >= clipDb) this.clipped = true;
    }

    /** Moves to `now`. The result does not depend on how often it is called. */
    advance(now: number, ballistics: Ballistics): void {
        const seconds = this.advancedAt > 0 ? Math.max(0, now - this.advancedAt) / 1000 : 0;
        this.advancedAt = now;
        if (now - this.updatedAt > staleMs) {
            this.sourcePeakDb = silenceDb;
            this.sourcePower = 0;
        }
        this.peakDb = Math.max(this.sourcePeakDb, this.peakDb - ballistics.releaseDbPerSecond * seconds, silenceDb);
        const kept = ballistics.rmsSeconds > 0 ? Math.exp(-seconds / ballistics.rmsSeconds) : 0;
        this.power = this.sourcePower + (this.power - this.sourcePower) * kept;
        this.rmsDb = levelOf(this.power);
        this.advanceHold(now, seconds, ballistics);
    }

    private advanceHold(now: number, seconds: number, ballistics: Ballistics): void {
        if (ballistics.holdSeconds <= 0) {
            this.holdDb = this.peakDb;
            return;
        }
        const over = (now - this.heldAt) / 1000 - ballistics.holdSeconds;
        if (over <= 0) return;
        const fall = ballistics.releaseDbPerSecond * Math.min(over, seconds);
        this.holdDb = Math.max(this.peakDb, this.holdDb - fall);
    }

    /** Puts out the clip light; hold and maximum begin again. */
    clear(): void {
        this.clipped = false;
        this.holdDb = this.peakDb;
        this.maxDb = this.sourcePeakDb;
    }
}
