// The bands of one channel of a `common_eq_v1`, and how they are written on the wire.
import { isFilterType, type Filter, type FilterType } from "./biquad";

/** The module that this pane is for. */
export const eqModuleType = "common_eq_v1";

/** Bands of each channel. */
export const bandCount = 20;

/** Why no band can be added. */
export const noBandFree = `All ${bandCount} bands of the channel are on: turn one off or remove it first.`;

/** One band: what it does and whether it does it. */
export interface Band extends Filter {
    isEnabled: boolean;
}

/** What a value may be. */
export interface Range {
    min: number;
    max: number;
}

/** The ranges of a band's numbers at a sample rate, from the module's schema. */
export interface BandLimits {
    frequency: Range;
    gainDb: Range;
    q: Range;
}

/** The fields of a band, by the names of the module's parameters. */
export const bandKeys = { type: "type", frequency: "freq", gainDb: "gainDb", q: "q", isEnabled: "bandEnable" } as const;

export type BandField = keyof typeof bandKeys;

/** What a band is that was never touched. */
export const defaultBand: Readonly<Band> = {
    type: "peaking",
    frequency: 1000,
    gainDb: 0,
    q: Math.fround(0.7071),
    isEnabled: false,
};

/** The key of a band's field, as `value` and `setMany` take it. */
export function bandKey(field: BandField, channel: number, band: number): string {
    return `${bandKeys[field]}#${channel}#${band}`;
}

/** Part of a schema that says how far a number goes. */
interface Bounded {
    name: string;
    minValue?: number;
    maxValue?: number;
    maxIsOfRate?: boolean;
}

/** The limits at a sample rate; what the schema leaves out is the module's documented range. */
export function limitsFrom(params: readonly Bounded[], sampleRate: number): BandLimits {
    const range = (name: string, min: number, max: number, ofRate: boolean): Range => {
        const schema = params.find((one) => one.name === name);
        const top = schema?.maxValue ?? max;
        const isOfRate = schema === undefined || schema.maxValue === undefined ? ofRate : schema.maxIsOfRate === true;
        return { min: schema?.minValue ?? min, max: isOfRate ? top * sampleRate : top };
    };
    return {
        frequency: range("freq", 10, 0.49, true),
        gainDb: range("gainDb", -30, 30, false),
        q: range("q", 0.1, 100, false),
    };
}

/** A number moved into a range. */
export function clamp(value: number, range: Range): number {
    return Math.min(range.max, Math.max(range.min, value));
}

/** A band moved into the limits. */
export function clampBand<B extends Filter>(band: B, limits: BandLimits): B {
    return {
        ...band,
        frequency: clamp(band.frequency, limits.frequency),
        gainDb: clamp(band.gainDb, limits.gainDb),
        q: clamp(band.q, limits.q),
    };
}

/** Reads one band; `value` gives what the node has under a key. */
export function readBand(value: (key: string) => string | undefined, channel: number, band: number): Band {
    const number = (field: BandField, fallback: number): number => {
        const parsed = Number.parseFloat(value(bandKey(field, channel, band)) ?? "");
        return Number.isFinite(parsed) ? parsed : fallback;
    };
    const type = value(bandKey("type", channel, band)) ?? "";
    return {
        type: isFilterType(type) ? type : defaultBand.type,
        frequency: number("frequency", defaultBand.frequency),
        gainDb: number("gainDb", defaultBand.gainDb),
        q: number("q", defaultBand.q),
        isEnabled: value(bandKey("isEnabled", channel, band)) === "true",
    };
}

/** All bands of a channel. */
export function readBands(value: (key: string) => string | undefined, channel: number): Band[] {
    return Array.from({ length: bandCount }, (_, band) => readBand(value, channel, band));
}

/** The values that make `channel`'s band number `band` so; only the fields given. */
export function bandValues(
    change: Partial<Band>, channel: number, band: number,
): Record<string, number | boolean | string> {
    const values: Record<string, number | boolean | string> = {};
    for (const field of Object.keys(bandKeys) as BandField[]) {
        const value = change[field];
        if (value !== undefined) values[bandKey(field, channel, band)] = value;
    }
    return values;
}

/** The values by which `next` differs from `present`: what has to be sent. Bands beyond `next` become the default. */
export function changedValues(
    present: readonly Band[], next: readonly Band[], channel: number,
): Record<string, number | boolean | string> {
    const values: Record<string, number | boolean | string> = {};
    for (let band = 0; band < bandCount; band++) {
        const wanted = next[band] ?? defaultBand;
        for (const field of Object.keys(bandKeys) as BandField[]) {
            if (!isSame(present[band][field], wanted[field])) values[bandKey(field, channel, band)] = wanted[field];
        }
    }
    return values;
}

function isSame(a: Band[BandField], b: Band[BandField]): boolean {
    return typeof a === "number" && typeof b === "number" ? Math.fround(a) === Math.fround(b) : a === b;
}

/** Whether a band is as it was in the beginning. */
export function isUntouched(band: Band): boolean {
    return !band.isEnabled && (Object.keys(bandKeys) as BandField[]).every((f) => isSame(band[f], defaultBand[f]));
}

/** The place for one more band: the first untouched, else the first that is off; undefined when all 20 are in use. */
export function freeBand(bands: readonly Band[]): number | undefined {
    const untouched = bands.findIndex(isUntouched);
    if (untouched >= 0) return untouched;
    const off = bands.findIndex((band) => !band.isEnabled);
    return off >= 0 ? off : undefined;
}

/** Used bands by rising frequency, then the untouched ones. */
export function sortedByFrequency(bands: readonly Band[]): Band[] {
    const used = bands.filter((band) => !isUntouched(band));
    const order = [...used].sort((a, b) => a.frequency - b.frequency);
    return [...order, ...bands.filter(isUntouched)];
}

/** What people call the types. */
export const typeNames: Readonly<Record<FilterType, string>> = {
    peaking: "Peak",
    lowShelf: "Low shelf",
    highShelf: "High shelf",
    lowPass: "Low pass",
    highPass: "High pass",
    bandPass: "Band pass",
    notch: "Notch",
    allPass: "All pass",
    lowPass1: "Low pass 1st",
    highPass1: "High pass 1st",
};
