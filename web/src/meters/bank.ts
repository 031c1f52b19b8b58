import { Ballistics, ChannelMeter } from "./ballistics";
import { silenceDb } from "./decibels";

/** The levels of one metrics update that meters need; as in the node's `debug_metrics`. */
export interface LevelUpdate {
    inputPeakDb?: number[];
    inputRmsDb?: number[];
    outputPeakDb?: number[];
    outputRmsDb?: number[];
    modules?: Record<string, { outputPeakDb: number[]; outputRmsDb: number[] }>;
}

/** The chain's own ends among the metered: its input, and its output behind the master level. */
export const chainInput = "$io:input";
export const chainOutput = "$io:output";

/** The meters of everything chosen: a list of channels for each source. */
export class MeterBank {
    private readonly meters = new Map<string, ChannelMeter[]>();
    /** When the last update came, in the clock of its `now`; −Infinity before the first. */
    updatedAt = -Infinity;

    /** Begins with these sources; those that stay keep their state. */
    choose(sources: readonly string[]): void {
        for (const id of this.meters.keys()) {
            if (!sources.includes(id)) this.meters.delete(id);
        }
        for (const id of sources) {
            if (!this.meters.has(id)) this.meters.set(id, []);
        }
    }

    /** The channels of a source; none before the first update that has it. */
    channels(source: string): readonly ChannelMeter[] {
        return this.meters.get(source) ?? [];
    }

    /** Takes an update. Returns whether a source's number of channels has changed. */
    update(levels: LevelUpdate, now: number): boolean {
        let reshaped = false;
        this.updatedAt = now;
        for (const [id, channels] of this.meters) {
            const [peaks, rms] = MeterBank.levels(levels, id);
            if (!peaks || !rms) continue;
            if (peaks.length > 0 && channels.length !== peaks.length) {
                channels.length = Math.min(channels.length, peaks.length);
                while (channels.length < peaks.length) channels.push(new ChannelMeter());
                reshaped = true;
            }
            channels.forEach((channel, index) => {
                if (index < peaks.length) channel.update(peaks[index] ?? silenceDb, rms[index] ?? silenceDb, now);
            });
        }
        return reshaped;
    }

    private static levels(levels: LevelUpdate, id: string): [number[] | undefined, number[] | undefined] {
        if (id === chainInput) return [levels.inputPeakDb, levels.inputRmsDb];
        if (id === chainOutput) return [levels.outputPeakDb, levels.outputRmsDb];
        const module = levels.modules?.[id];
        return [module?.outputPeakDb, module?.outputRmsDb];
    }

    /** Moves all meters to `now`. */
    advance(now: number, ballistics: Ballistics): void {
        for (const channels of this.meters.values()) {
            for (const channel of channels) channel.advance(now, ballistics);
        }
    }

    /** Puts out one channel's clip light, a source's, or all. */
    clear(source?: string, channel?: number): void {
        for (const [id, channels] of this.meters) {
            if (source !== undefined && id !== source) continue;
            channels.forEach((meter, index) => {
                if (channel === undefined || channel === index) meter.clear();
            });
        }
    }

    /** How many channels have clipped since they were cleared. */
    get clipCount(): number {
        let count = 0;
        for (const channels of this.meters.values()) count += channels.filter((meter) => meter.clipped).length;
        return count;
    }
}
