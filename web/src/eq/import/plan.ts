// What an import would do: for each channel of the equaliser its bands, and for each line of the text what became of it.
import { bandCount, type Band, type BandLimits } from "../bands";
import { design } from "../biquad";
import { seriesMagnitude } from "../response";
import { channelOf } from "./channels";
import type { Document, Preamp } from "./document";
import { comparisonGrid, deviation } from "./fit";
import { resolve } from "./resolve";

/** How a flat gain of the text is made: by a shelf above all audible frequencies, or not at all. */
export type PreampUse = "shelf" | "none";

export interface PlanOptions {
    /** of the chain, Hz */
    sampleRate: number;
    limits: BandLimits;
    /** channels of the equaliser */
    channelCount: number;
    preamp: PreampUse;
    /** Takes the filters of this channel of the text for every channel. */
    only?: string;
    /** Bands that each channel has left. */
    room: number;
}

/** One line of the report. */
export interface Report {
    line: number;
    text: string;
    isTaken: boolean;
    /** Not taken, but it would have changed nothing. */
    isHarmless: boolean;
    /** why it was not taken, or what to know about how it was */
    note: string;
    deviationDb: number;
}

export interface Plan {
    /** by channel */
    bands: Band[][];
    reports: Report[];
    /** the flat gain that the text asks for and no band makes, dB, by channel */
    gainDb: number[];
    /** largest of all deviations, dB */
    deviationDb: number;
}

interface Piece {
    line: number;
    text: string;
    note: string;
    isOn: boolean;
    channels: readonly string[] | null;
    bands: Band[];
    deviationDb: number;
}

/** Works an import out; nothing is changed. */
export function planImport(document: Document, options: PlanOptions): Plan {
    const reports: Report[] = document.refused.map((refused) => ({
        line: refused.line, text: refused.text, isTaken: false, isHarmless: refused.isHarmless, note: refused.reason,
        deviationDb: 0,
    }));
    const preamps: Preamp[] = [...document.preamps];
    const pieces: Piece[] = [];
    for (const filter of document.filters) {
        const outcome = resolve(filter.form, options.sampleRate, options.limits);
        if ("reason" in outcome) {
            reports.push(refusal(filter.line, filter.text, outcome.reason));
            continue;
        }
        if (filter.isOn && Math.abs(outcome.gainDb) > 1e-6) {
            const { line, text, channels } = filter;
            preamps.push({ line, text, channels, gainDb: outcome.gainDb });
        }
        pieces.push({
            line: filter.line,
            text: filter.text,
            note: [filter.note, outcome.note].filter((note) => note !== "").join("; "),
            isOn: filter.isOn,
            channels: filter.channels,
            bands: outcome.filters.map((one) => ({ ...one, isEnabled: filter.isOn })),
            deviationDb: outcome.deviationDb,
        });
    }
    const channels = Array.from({ length: options.channelCount }, (_, channel) => channel);
    const gainDb = channels.map((channel) =>
        preamps.filter((preamp) => isFor(preamp.channels, channel, options)).reduce((sum, p) => sum + p.gainDb, 0),
    );
    const overflow = new Set<Piece>();
    const bands = channels.map((channel) => {
        const shelves = options.preamp === "shelf" ? gainShelves(gainDb[channel], options) : [];
        const own = pieces.filter((piece) => isFor(piece.channels, channel, options));
        // Filters that are off give way first.
        const kept = new Set<Piece>();
        let left = Math.min(options.room, bandCount) - shelves.length;
        for (const piece of [...own.filter((p) => p.isOn), ...own.filter((p) => !p.isOn)]) {
            if (piece.bands.length <= left) {
                left -= piece.bands.length;
                kept.add(piece);
            } else {
                overflow.add(piece);
            }
        }
        return [...own.filter((piece) => kept.has(piece)).flatMap((piece) => piece.bands), ...shelves];
    });
    for (const piece of pieces) {
        if (!channels.some((channel) => isFor(piece.channels, channel, options))) {
            const names = (piece.channels ?? []).join(", ");
            reports.push(refusal(piece.line, piece.text, `the equaliser has no channel ${names}`));
            continue;
        }
        const isFull = overflow.has(piece);
        reports.push({
            line: piece.line,
            text: piece.text,
            isTaken: !isFull,
            isHarmless: isFull && !piece.isOn,
            note: isFull ? `no band is left for it; there are ${bandCount}` : piece.isOn ? piece.note : "as a band that is off",
            deviationDb: isFull ? 0 : piece.deviationDb,
        });
    }
    reports.push(...document.preamps.map((preamp) => preampReport(preamp, options)));
    reports.sort((a, b) => a.line - b.line);
    const shelfErrors = options.preamp === "shelf" ? gainDb.map((gain) => shelfDeviation(gain, options)) : [];
    return {
        bands,
        reports,
        gainDb: options.preamp === "shelf" ? gainDb.map(() => 0) : gainDb,
        deviationDb: Math.max(0, ...shelfErrors, ...reports.map((report) => report.deviationDb)),
    };
}

function refusal(line: number, text: string, reason: string): Report {
    return { line, text, isTaken: false, isHarmless: false, note: reason, deviationDb: 0 };
}

function isFor(names: readonly string[] | null, channel: number, options: PlanOptions): boolean {
    if (names === null) return true;
    if (options.only !== undefined) return names.includes(options.only);
    return names.some((name) => channelOf(name, options.channelCount) === channel);
}

/** A flat gain as low shelves whose middle is the highest frequency there is: flat as far as one hears. */
function gainShelves(gainDb: number, options: PlanOptions): Band[] {
    if (Math.abs(gainDb) < 1e-6) return [];
    const count = Math.ceil(Math.abs(gainDb) / options.limits.gainDb.max);
    const { limits } = options;
    return Array.from({ length: count }, () => ({
        type: "lowShelf" as const, frequency: limits.frequency.max, gainDb: gainDb / count, q: Math.SQRT1_2, isEnabled: true,
    }));
}

/** How far such shelves are from flat up to 20 kHz or 0.45 of the rate, dB. */
function shelfDeviation(gainDb: number, options: PlanOptions): number {
    const grid = comparisonGrid(options.sampleRate);
    const top = Math.min(20000, 0.45 * options.sampleRate);
    const shelves = gainShelves(gainDb, options).map((band) => design(band, options.sampleRate));
    const actual = seriesMagnitude(shelves, grid).filter((_, i) => grid.frequencies[i] <= top);
    return deviation(actual.map(() => gainDb), actual);
}

function preampReport(preamp: Preamp, options: PlanOptions): Report {
    const { line, text, gainDb } = preamp;
    if (gainDb === 0) return { line, text, isTaken: true, isHarmless: true, note: "no gain", deviationDb: 0 };
    if (options.preamp === "none") return refusal(line, text, "the equaliser has no gain; set it in a gain module");
    return {
        line, text, isTaken: true, isHarmless: false, note: "made by a low shelf above all frequencies",
        deviationDb: shelfDeviation(gainDb, options),
    };
}
