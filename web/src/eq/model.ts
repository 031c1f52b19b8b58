// One equaliser of the chain: its bands by channel, and every way to change them.
import { hasGain, hasQ, type Filter } from "./biquad";
import {
    bandCount, bandKey, bandValues, changedValues, clampBand, defaultBand, freeBand, isUntouched, readBand, readBands,
    sortedByFrequency, type Band, type BandLimits,
} from "./bands";
import { groupOf, type ChannelLink } from "../parameters/linkState";
import { linkedValues } from "../parameters/linking";
import type { Quantity } from "../parameters/quantity";
import type { Scalar } from "../node/types";

/** What the model needs of the node. */
export interface ValueSource {
    value(instanceId: string, key: string): string | undefined;
    setMany(instanceId: string, values: Record<string, Scalar>): void;
}

/** The numbers of a band, with the kind that says how linked channels move. */
const quantities: Readonly<Record<"frequency" | "gainDb" | "q", Quantity>> = {
    frequency: { kind: "frequency", unit: "Hz" },
    gainDb: { kind: "level", unit: "dB" },
    q: { kind: "ratio", unit: "" },
};

/** A change of a band's numbers that is going on: differences between linked channels are kept from its beginning. */
export interface Movement {
    readonly channel: number;
    readonly band: number;
    /** Sends these numbers of the band, and what linked channels become. */
    to(change: Partial<Pick<Band, "frequency" | "gainDb" | "q">>): void;
}

/** The bands of one instance (its flattened id). Nothing is kept: the node's values are the state. */
export class EqModel {
    constructor(
        private readonly source: ValueSource,
        readonly instance: string,
        /** Hz */
        readonly sampleRate: number,
        readonly limits: BandLimits,
        private readonly link: () => ChannelLink,
    ) {}

    /** Channels of the equaliser; 0 until the node has told its values. */
    get channelCount(): number {
        let count = 0;
        while (this.source.value(this.instance, bandKey("frequency", count, 0)) !== undefined) count++;
        return count;
    }

    band(channel: number, band: number): Band {
        return readBand((key) => this.source.value(this.instance, key), channel, band);
    }

    bands(channel: number): Band[] {
        return readBands((key) => this.source.value(this.instance, key), channel);
    }

    /** The channels that change with one. */
    linked(channel: number): number[] {
        return groupOf(this.link(), channel, this.channelCount);
    }

    /** Begins to move a band. */
    move(channel: number, band: number): Movement {
        const { mode } = this.link();
        const members = this.linked(channel);
        const start = new Map(members.map((member) => [member, this.band(member, band)]));
        return {
            channel,
            band,
            to: (change) => {
                const values: Record<string, Scalar> = {};
                for (const field of ["frequency", "gainDb", "q"] as const) {
                    const wanted = change[field];
                    if (wanted === undefined) continue;
                    const from = Object.fromEntries([...start].map(([member, own]) => [String(member), own[field]]));
                    const limited = clampBand({ ...defaultBand, [field]: wanted }, this.limits)[field];
                    const range = this.limits[field];
                    const moved = linkedValues(from, String(channel), limited, mode, quantities[field], range);
                    for (const [member, value] of Object.entries(moved)) values[bandKey(field, Number(member), band)] = value;
                }
                this.source.setMany(this.instance, values);
            },
        };
    }

    /** Changes a band on a channel and, the same, on those linked with it. */
    set(channel: number, band: number, change: Partial<Band>): void {
        const values: Record<string, Scalar> = {};
        for (const member of this.linked(channel)) Object.assign(values, bandValues(change, member, band));
        this.source.setMany(this.instance, values);
    }

    /** Turns a band on or off. */
    toggle(channel: number, band: number): void {
        this.set(channel, band, { isEnabled: !this.band(channel, band).isEnabled });
    }

    /** Adds a band and returns its number; undefined when all are in use. */
    add(channel: number, filter: Filter): number | undefined {
        const members = this.linked(channel);
        const all = members.map((member) => this.bands(member));
        // A place that is free on all linked channels, or else on this one.
        const isFree = (i: number): boolean => all.every((bands) => isUntouched(bands[i]));
        const everywhere = all[0].map((band, i) => (isFree(i) ? band : { ...band, isEnabled: true }));
        const place = freeBand(everywhere) ?? freeBand(this.bands(channel));
        if (place === undefined) return undefined;
        this.set(channel, place, { ...clampBand(filter, this.limits), isEnabled: true });
        return place;
    }

    /** Makes a band what it was in the beginning. */
    remove(channel: number, band: number): void {
        this.set(channel, band, defaultBand);
    }

    /** Makes the bands of a channel, and of those linked with it, these; returns whether anything was to change. */
    replace(channel: number, bands: readonly Band[], members = this.linked(channel)): boolean {
        const values: Record<string, Scalar> = {};
        for (const member of members) Object.assign(values, this.replacement(member, bands));
        return this.send(values);
    }

    /** Makes the bands of several channels these, as one change. */
    replaceAll(channels: ReadonlyMap<number, readonly Band[]>): boolean {
        const values: Record<string, Scalar> = {};
        for (const [channel, bands] of channels) Object.assign(values, this.replacement(channel, bands));
        return this.send(values);
    }

    /** Sorts the used bands of a channel, and of those linked with it, by frequency. */
    sort(channel: number): boolean {
        const values: Record<string, Scalar> = {};
        for (const member of this.linked(channel)) {
            Object.assign(values, this.replacement(member, sortedByFrequency(this.bands(member))));
        }
        return this.send(values);
    }

    /** The bands of a channel with others behind those in use; undefined when they do not fit. */
    appended(channel: number, added: readonly Band[]): Band[] | undefined {
        const used = this.bands(channel).filter((band) => !isUntouched(band));
        return used.length + added.length > bandCount ? undefined : [...used, ...added];
    }

    private replacement(channel: number, bands: readonly Band[]): Record<string, Scalar> {
        const limited = bands.slice(0, bandCount).map((band) => clampBand(band, this.limits));
        return changedValues(this.bands(channel), limited, channel);
    }

    private send(values: Record<string, Scalar>): boolean {
        if (Object.keys(values).length === 0) return false;
        this.source.setMany(this.instance, values);
        return true;
    }
}

/** The level at which a band's handle stands, dB: its gain; of a low or high pass what Q makes of its frequency. */
export function handleDb(band: Band): number {
    if (hasGain(band.type)) return band.gainDb;
    if (band.type === "lowPass" || band.type === "highPass") return 20 * Math.log10(band.q);
    return 0;
}

/** What a handle's height means for a band: its gain, or its Q where the level at its frequency is its Q. */
export function fromHandle(band: Band, db: number): Partial<Pick<Band, "gainDb" | "q">> {
    if (hasGain(band.type)) return { gainDb: db };
    if (band.type === "lowPass" || band.type === "highPass") return { q: Math.pow(10, db / 20) };
    return {};
}

/** Whether a gesture for the Q does anything. */
export function takesQ(band: Band): boolean {
    return hasQ(band.type);
}
