// A curve over frequency, and what it needs before it is sent.

/** Levels at rising frequencies. */
export interface Curve {
    /** Hz */
    freqs: number[];
    /** dB */
    db: number[];
}

/** A curve that somebody chose, with its origin and what the reader said of it. */
export interface Measurement extends Curve {
    name: string;
    notes: string[];
}

/** Points that are enough for any measurement: the answer to them fits in one message. */
export const mostPoints = 4000;

/**
 * The curve with at most so many points: the points of each of `most` equal steps of log frequency become one, with the
 * mean of their levels at their mean log frequency. A curve that is short enough stays as it is.
 */
export function thinned(curve: Curve, most = mostPoints): Curve {
    const count = curve.freqs.length;
    if (count <= most) return curve;
    const low = Math.log(curve.freqs[0]);
    const perStep = most / (Math.log(curve.freqs[count - 1]) - low);
    const out: Curve = { freqs: [], db: [] };
    for (let begin = 0, end = 0; begin < count; begin = end) {
        const step = stepOf(curve.freqs[begin]);
        let [octaves, db] = [0, 0];
        while (end < count && stepOf(curve.freqs[end]) === step) {
            octaves += Math.log(curve.freqs[end]);
            db += curve.db[end];
            end += 1;
        }
        out.freqs.push(end - begin === 1 ? curve.freqs[begin] : Math.exp(octaves / (end - begin)));
        out.db.push(db / (end - begin));
    }
    return out;

    function stepOf(hertz: number): number {
        return Math.min(most - 1, Math.floor((Math.log(hertz) - low) * perStep));
    }
}

/** The part of a curve below a frequency, Hz. */
export function below(curve: Curve, hertz: number): Curve {
    const end = curve.freqs.findIndex((one) => one >= hertz);
    return end < 0 ? curve : { freqs: curve.freqs.slice(0, end), db: curve.db.slice(0, end) };
}

/** Mean level over log frequency between two frequencies, dB; of the whole where nothing lies between. */
export function meanLevel(curve: Curve, low: number, high: number): number {
    let [sum, weight] = [0, 0];
    for (let i = 1; i < curve.freqs.length; i++) {
        if (curve.freqs[i - 1] < low || curve.freqs[i] > high) continue;
        const width = Math.log(curve.freqs[i] / curve.freqs[i - 1]);
        sum += (width * (curve.db[i] + curve.db[i - 1])) / 2;
        weight += width;
    }
    if (weight > 0) return sum / weight;
    return curve.db.reduce((all, one) => all + one, 0) / Math.max(1, curve.db.length);
}

/** Reads a curve out of an answer; throws when it is none. */
export function readCurve(data: unknown): Curve & { notes: string[] } {
    const { freqs, db, notes } = (data ?? {}) as { freqs?: unknown; db?: unknown; notes?: unknown };
    if (!isNumbers(freqs) || !isNumbers(db) || freqs.length === 0 || freqs.length !== db.length) {
        throw new Error("The extension's answer has no curve.");
    }
    return { freqs, db, notes: isTexts(notes) ? notes : [] };
}

export function isNumbers(value: unknown): value is number[] {
    return Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one));
}

export function isTexts(value: unknown): value is string[] {
    return Array.isArray(value) && value.every((one) => typeof one === "string");
}
