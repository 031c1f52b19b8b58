// A filter as a text describes it, before it is a band.
import { qOfDigitalOctaves, qOfSlope, slopeOfQ } from "../bandwidth";
import type { Filter, FilterType } from "../biquad";

/** How wide: a Q; octaves between the half-gain points (after the bilinear transform); the slope S of a shelf. */
export type Width =
    | { by: "q"; q: number }
    | { by: "octaves"; octaves: number }
    | { by: "slope"; slope: number };

/** A section of one of the equaliser's types. */
export interface SectionForm {
    kind: "section";
    type: FilterType;
    /** Hz */
    frequency: number;
    gainDb: number;
    width: Width;
    /** The frequency is where a shelf's slope meets its flat part, not its middle. */
    isCorner: boolean;
}

/** A Linkwitz transform: zeros at (frequency, q), poles at (poleFrequency, poleQ). */
export interface TransformForm {
    kind: "transform";
    frequency: number;
    q: number;
    poleFrequency: number;
    poleQ: number;
}

/** Coefficients of first or second order, highest delay last; they belong to a sample rate. */
export interface CoefficientForm {
    kind: "coefficients";
    b: readonly number[];
    a: readonly number[];
    sampleRate: number;
}

export type Form = SectionForm | TransformForm | CoefficientForm;

/** The width of a filter for which a text gives none. */
export const standardWidths = {
    /** of low pass, high pass and band pass: Butterworth's */
    pass: { by: "q", q: Math.SQRT1_2 } as Width,
    /** of a shelf */
    shelf: { by: "slope", slope: 0.9 } as Width,
    /** of a notch */
    notch: { by: "q", q: 30 } as Width,
};

/**
 * Q of a modal filter from its target T60 (s): the more damped pair of its poles and zeros decays by 60 dB in that
 * time, which for a peak of the cookbook is T60 = ln 1000/π · Q / (A f) with A = 10^(|gain|/40).
 */
export function qOfModalTime(seconds: number, frequency: number, gainDb: number): number {
    return ((Math.PI * frequency * seconds) / Math.log(1000)) * Math.pow(10, Math.abs(gainDb) / 40);
}

/**
 * The filter that a section form means at a sample rate; its numbers may be outside the equaliser's ranges, and are not
 * finite where there is no such filter.
 *
 * A shelf's corner lies |gain| / (80 S) decades from its middle, towards the flat part. Its slope of x dB an octave is
 * S = x/12.
 */
export function filterOf(form: SectionForm, sampleRate: number): Filter {
    const { type, gainDb, width } = form;
    let { frequency } = form;
    if (form.isCorner) {
        const slope = width.by === "slope" ? width.slope : width.by === "q" ? slopeOfQ(width.q, gainDb) : NaN;
        const decades = Math.abs(gainDb) / 80 / slope;
        frequency *= Math.pow(10, type === "lowShelf" ? decades : -decades);
    }
    return { type, frequency, gainDb, q: qOf(width, frequency, gainDb, sampleRate) };
}

function qOf(width: Width, frequency: number, gainDb: number, sampleRate: number): number {
    switch (width.by) {
        case "q":
            return width.q;
        case "octaves":
            return qOfDigitalOctaves(width.octaves, frequency, sampleRate);
        case "slope":
            return qOfSlope(width.slope, gainDb);
    }
}
