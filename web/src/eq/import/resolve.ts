// From what a text describes to bands of the equaliser, and how near they come.
import { design, filterTypes, type Coefficients, type Filter } from "../biquad";
import { clampBand, type BandLimits } from "../bands";
import { gridAt, seriesMagnitude, writeMagnitude, type Grid } from "../response";
import { comparisonGrid, deviation, fit, fitAny, type Fit } from "./fit";
import { filterOf, type CoefficientForm, type Form, type SectionForm, type TransformForm } from "./form";
import { inverse, isStable } from "./inverse";

/** What became of a filter. */
export type Outcome =
    | {
        filters: Filter[];
        /** a flat gain that belongs to it, dB */
        gainDb: number;
        /** largest difference from what the text describes, dB, up to 24 kHz; 0 where the bands are exactly it */
        deviationDb: number;
        /** what a reader should know; empty if nothing */
        note: string;
    }
    | { reason: string };

/** Where a curve is further off than this, no band stands for it, dB. */
const hopeless = 12;
/** A difference below this is rounding, dB. */
const exact = 1e-4;

/** Bands for a form, at the chain's sample rate (Hz). */
export function resolve(form: Form, sampleRate: number, limits: BandLimits): Outcome {
    switch (form.kind) {
        case "section":
            return section(form, sampleRate, limits);
        case "transform":
            return transform(form, sampleRate, limits);
        case "coefficients":
            return coefficients(form, sampleRate, limits);
    }
}

function section(form: SectionForm, sampleRate: number, limits: BandLimits): Outcome {
    const wanted = filterOf(form, sampleRate);
    if (!(wanted.frequency > 0)) return { reason: "its frequency is not a positive number" };
    if (wanted.frequency >= sampleRate / 2) {
        return { reason: `${round(wanted.frequency)} Hz is not below half the sample rate, ${round(sampleRate / 2)} Hz` };
    }
    if (!Number.isFinite(wanted.q) || wanted.q <= 0) {
        return { reason: form.width.by === "slope" ? "no shelf is so steep at this gain" : "its Q is not a positive number" };
    }
    const note = form.isCorner ? `corner ${round(form.frequency)} Hz is middle ${round(wanted.frequency)} Hz` : "";
    return nearest([wanted], 0, note, sampleRate, limits);
}

function transform(form: TransformForm, sampleRate: number, limits: BandLimits): Outcome {
    const numbers = [form.frequency, form.q, form.poleFrequency, form.poleQ];
    if (numbers.some((value) => !(value > 0))) return { reason: "it needs Fc, Q, Fp and Qp, all positive" };
    if (Math.max(form.frequency, form.poleFrequency) >= sampleRate / 2) {
        return { reason: "its frequencies are not below half the sample rate" };
    }
    const { b, a } = bilinearTransform(form, sampleRate);
    const found = inverse(b, a, sampleRate);
    if (!found) return { reason: "it is no filter that bands can be" };
    return nearest(found.filters, found.gainDb, "", sampleRate, limits);
}

/** Zeros and poles through the bilinear transform, each pair at its own frequency; gain 1 at half the rate. */
function bilinearTransform(form: TransformForm, sampleRate: number): { b: number[]; a: number[] } {
    const pair = (frequency: number, q: number): number[] => {
        const w = Math.tan((Math.PI * frequency) / sampleRate);
        return [1 + w / q + w * w, 2 * (w * w - 1), 1 - w / q + w * w];
    };
    return { b: pair(form.frequency, form.q), a: pair(form.poleFrequency, form.poleQ) };
}

function coefficients(form: CoefficientForm, sampleRate: number, limits: BandLimits): Outcome {
    const { b, a } = form;
    if (b.concat(a).some((c) => !Number.isFinite(c)) || a[0] === 0) return { reason: "its coefficients are no numbers" };
    if (!isStable(a)) return { reason: "it is not stable" };
    if (b.every((c) => c === 0)) return { reason: "it is silence" };
    const found = inverse(b, a, form.sampleRate);
    const isForeign = form.sampleRate !== sampleRate;
    const rates = `${round(sampleRate)} Hz from coefficients for ${round(form.sampleRate)} Hz`;
    const rateNote = isForeign ? `designed anew for ${rates}` : "";
    if (found && found.filters.every((f) => f.frequency < sampleRate / 2)) {
        const notes = [rateNote, found.isInverted ? "the turned polarity is left out" : ""].filter((note) => note !== "");
        const outcome = nearest(found.filters, found.gainDb, notes.join("; "), sampleRate, limits);
        if (!isForeign || "reason" in outcome) return outcome;
        const target = targetOf(form, Math.min(form.sampleRate, sampleRate));
        const actual = seriesMagnitude(outcome.filters.map((f) => design(f, sampleRate)), target.grid(sampleRate));
        const db = actual.map((value) => value + outcome.gainDb);
        return { ...outcome, deviationDb: deviation(target.db, db) };
    }
    const target = targetOf(form, Math.min(form.sampleRate, sampleRate));
    const grid = target.grid(sampleRate);
    const start = startOf(target.db, grid);
    const nearby = fitAny(target.db, grid, start, filterTypes.filter((type) => type !== "allPass"), limits);
    if (nearby.deviationDb > hopeless) return { reason: "no band is near to its curve" };
    return { filters: [nearby.filter], gainDb: 0, deviationDb: nearby.deviationDb, note: rateNote || "no band is exactly it" };
}

interface Target {
    db: Float64Array;
    /** The same frequencies, for another rate. */
    grid(sampleRate: number): Grid;
}

/** The curve that coefficients have at their own rate, at the frequencies that `lowerRate` has too. */
function targetOf(form: CoefficientForm, lowerRate: number): Target {
    const frequencies = comparisonGrid(lowerRate).frequencies;
    const [a0, a1, a2] = [form.a[0], form.a[1] ?? 0, form.a[2] ?? 0];
    const c: Coefficients = {
        b0: form.b[0] / a0, b1: (form.b[1] ?? 0) / a0, b2: (form.b[2] ?? 0) / a0, a1: a1 / a0, a2: a2 / a0,
    };
    const db = new Float64Array(frequencies.length);
    writeMagnitude(c, gridAt(form.sampleRate, frequencies), db);
    return { db, grid: (sampleRate) => gridAt(sampleRate, frequencies) };
}

/** Where a curve is furthest from flat. */
function startOf(target: Float64Array, grid: Grid): Omit<Filter, "type"> {
    let widest = 0;
    target.forEach((db, i) => {
        if (Math.abs(db) > Math.abs(target[widest])) widest = i;
    });
    return { frequency: grid.frequencies[widest], gainDb: Math.max(-30, Math.min(30, target[widest])), q: Math.SQRT1_2 };
}

/** The filters themselves where they are within the limits, else the nearest that are. */
function nearest(
    wanted: readonly Filter[], gainDb: number, note: string, sampleRate: number, limits: BandLimits,
): Outcome {
    const grid = comparisonGrid(sampleRate, wanted);
    const notes = note === "" ? [] : [note];
    const filters = wanted.map((filter) => {
        const inside = clampBand(filter, limits);
        if (inside.frequency === filter.frequency && inside.gainDb === filter.gainDb && inside.q === filter.q) return filter;
        notes.push(outsideNote(filter, limits));
        const target = new Float64Array(grid.frequencies.length);
        writeMagnitude(design(filter, sampleRate), grid, target);
        const best: Fit = fit(target, grid, filter, limits);
        return best.filter;
    });
    const target = seriesMagnitude(wanted.map((filter) => design(filter, sampleRate)), grid);
    const actual = seriesMagnitude(filters.map((filter) => design(filter, sampleRate)), grid);
    const deviationDb = deviation(target, actual);
    return { filters, gainDb, deviationDb: deviationDb < exact ? 0 : deviationDb, note: notes.join("; ") };
}

function outsideNote(filter: Filter, limits: BandLimits): string {
    const inside = clampBand(filter, limits);
    const parts: string[] = [];
    if (inside.frequency !== filter.frequency) {
        const { min, max } = limits.frequency;
        parts.push(`${round(filter.frequency)} Hz is outside ${round(min)} … ${round(max)} Hz`);
    }
    if (inside.gainDb !== filter.gainDb) {
        parts.push(`${round(filter.gainDb)} dB is outside ${limits.gainDb.min} … ${limits.gainDb.max} dB`);
    }
    if (inside.q !== filter.q) parts.push(`Q ${round(filter.q)} is outside ${limits.q.min} … ${limits.q.max}`);
    return `${parts.join(", ")}: the nearest band is taken`;
}

function round(value: number): string {
    return String(Number(value.toPrecision(5)));
}
