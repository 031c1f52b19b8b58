// What `auto_eq.fit` answers, and the bands that come of it.
import type { Band } from "../../eq/bands";
import { isFilterType } from "../../eq/biquad";
import { isNumbers, isTexts, type Curve } from "./curve";

export interface FitResult {
    /** what was fitted: the curves below belong to its frequencies */
    measured: Curve;
    /** dB */
    target: number[];
    /** dB, the measurement with the bands */
    predicted: number[];
    bands: Band[];
    /** Hz */
    range: [number, number];
    /** dB over the range */
    error: { rmsBefore: number; rmsAfter: number; maxAfter: number };
    notes: string[];
}

/** Reads an answer; throws with what is missing. */
export function readResult(data: unknown, measured: Curve): FitResult {
    const answer = (data ?? {}) as Record<string, unknown>;
    const curve = (name: string): number[] => {
        const values = answer[name];
        if (!isNumbers(values) || values.length !== measured.freqs.length) throw fault(name);
        return values;
    };
    const error = (answer.errorDb ?? {}) as Record<string, unknown>;
    const figures = [error.rmsBefore, error.rmsAfter, error.maxAfter];
    if (!isNumbers(figures)) throw fault("errorDb");
    const { range, bands, notes } = answer;
    if (!isNumbers(range) || range.length !== 2) throw fault("range");
    if (!Array.isArray(bands)) throw fault("bands");
    return {
        measured,
        target: curve("targetDb"),
        predicted: curve("predictedDb"),
        bands: bands.map(readBand),
        range: [range[0], range[1]],
        error: { rmsBefore: figures[0], rmsAfter: figures[1], maxAfter: figures[2] },
        notes: isTexts(notes) ? notes : [],
    };
}

function readBand(data: unknown): Band {
    const { type, freq, gainDb, q } = (data ?? {}) as Record<string, unknown>;
    const numbers = [freq, gainDb, q];
    if (typeof type !== "string" || !isFilterType(type) || !isNumbers(numbers)) throw fault("bands");
    return { type, frequency: numbers[0], gainDb: numbers[1], q: numbers[2], isEnabled: true };
}

function fault(name: string): Error {
    return new Error(`The extension's answer has no ${name} that can be understood.`);
}
