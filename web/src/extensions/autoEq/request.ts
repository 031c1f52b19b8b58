// What `auto_eq.fit` is asked.
import { below, thinned, type Curve } from "./curve";

export type Target = { kind: "flat" } | { kind: "slope"; dbPerOctave: number } | { kind: "curve"; curve: Curve };

/** What a person chooses. */
export interface FitSettings {
    bands: number;
    /** Hz; undefined: all but rolled-off ends */
    range: { low: number; high: number } | undefined;
    maxGainDb: number;
    maxBoostDb: number;
    target: Target;
}

export const usualSettings: Omit<FitSettings, "bands"> = { range: undefined, maxGainDb: 12, maxBoostDb: 6, target: { kind: "flat" } };

/** The data of a request. */
export interface FitRequest extends Curve {
    bands: number;
    /** Hz */
    sampleRate: number;
    maxGainDb: number;
    maxBoostDb: number;
    range?: [number, number];
    target?: number[] | Curve;
}

/** The frequency at which a sloped target has 0 dB; the fit moves it to the measurement's level. */
const pivotHz = 1000;

/**
 * The request for a measurement and settings. Points that the equaliser's rate (Hz) cannot have are left out, dense ones
 * are put together: the answer's curves belong to the frequencies of this request.
 */
export function fitRequest(measured: Curve, settings: FitSettings, sampleRate: number): FitRequest {
    const { freqs, db } = thinned(below(measured, sampleRate / 2));
    const { target, range } = settings;
    return {
        freqs,
        db,
        bands: settings.bands,
        sampleRate,
        maxGainDb: settings.maxGainDb,
        maxBoostDb: Math.min(settings.maxBoostDb, settings.maxGainDb),
        ...(range && { range: [Math.min(range.low, range.high), Math.max(range.low, range.high)] as [number, number] }),
        ...(target.kind === "slope" && { target: freqs.map((hertz) => target.dbPerOctave * Math.log2(hertz / pivotHz)) }),
        ...(target.kind === "curve" && { target: thinned({ freqs: target.curve.freqs, db: target.curve.db }) }),
    };
}
