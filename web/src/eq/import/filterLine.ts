// One line "Filter 3: ON PK Fc 100 Hz Gain -3 dB Q 4" of REW or Equalizer APO.
import { qOfModalTime, standardWidths, type Form, type SectionForm, type Width } from "./form";
import { frequencyNumber, plainNumber, type NumberStyle } from "./numbers";
import type { FilterType } from "../biquad";

/** Who writes what with a filter's names differs between these two in a few places. */
export type Dialect = "rew" | "apo";

/** What a line says. */
export type Line =
    | { form: Form; isOn: boolean; note: string }
    | { reason: string; isHarmless: boolean };

/** How a file's lines are to be read. `sampleRate` (Hz) is that of coefficients. */
export interface Reading {
    dialect: Dialect;
    style: NumberStyle;
    sampleRate: number;
}

/** The parts of a filter's description, as texts are split and tables have columns. NaN where a part is absent. */
export interface Parts {
    /** the type's name in capitals without spaces: "LS6DB", "LPQ" */
    name: string;
    frequency: number;
    gainDb: number;
    q: number;
    octaves: number;
    /** of Behringer's DSP1124P */
    sixtieths: number;
    /** target decay time, s */
    time: number;
}

const linePattern = /^Filter\s*\d*\s*:\s*(.*)$/i;

/** Reads one line; undefined when it is no filter line. */
export function readFilterLine(text: string, reading: Reading): Line | undefined {
    const line = linePattern.exec(text.trim());
    if (!line) return undefined;
    const state = /^(ON|OFF)\b\s*(.*)$/i.exec(line[1]);
    if (!state) return refuse("it says neither ON nor OFF");
    const isOn = state[1].toUpperCase() === "ON";
    const body = state[2];
    if (/^IIR\b/i.test(body)) return coefficientLine(body, isOn, reading);
    const at = body.search(/\bFc\b/i);
    const name = tidyName(at < 0 ? body : body.slice(0, at));
    if (name === "" || name === "NONE") return { reason: "an empty filter", isHarmless: true };
    if (at < 0) return refuse("it gives no frequency (Fc)");
    const parts = partsOf(name, body.slice(at), reading.style);
    if (name === "L-T" || name === "LT") return transformLine(parts, body.slice(at), isOn, reading);
    const section = sectionOf(parts, reading.dialect);
    return "reason" in section ? section : { form: section.form, isOn, note: section.note };
}

function refuse(reason: string): { reason: string; isHarmless: boolean } {
    return { reason, isHarmless: false };
}

function tidyName(text: string): string {
    return text.toUpperCase().replace(/[\s_]+/g, "");
}

function partsOf(name: string, text: string, style: NumberStyle): Parts {
    const part = (pattern: RegExp): number => {
        const match = pattern.exec(text);
        return match ? plainNumber(match[1]) : NaN;
    };
    const frequency = /\bFc\s*([-+\d.,eE\s\u00a0\u202f'\u2019]+?)\s*(k?)\s*H\s*z/i.exec(text);
    const scale = frequency?.[2] ? 1000 : 1;
    return {
        name,
        frequency: frequency ? scale * frequencyNumber(frequency[1], style) : NaN,
        gainDb: part(/\bGain\s*([-+\u2212]?\s?[\d.,eE+-]+)\s*dB/i),
        q: part(/(?:^|\s)Q\s*([-+]?[\d.,eE+-]+)/),
        octaves: part(/\bBW\s+Oct\s*([\d.,eE+-]+)/i),
        sixtieths: part(/\bBW\/60\s*([\d.,]+)/i),
        time: part(/\bT60\s+target\s*([\d.,]+)\s*ms/i) / 1000,
    };
}

/** Names of the types: REW's, Equalizer APO's and, from our own tables, ours. */
const names: Readonly<Record<string, FilterType>> = {
    PK: "peaking", PEQ: "peaking", PA: "peaking", PEAK: "peaking", PEAKING: "peaking", MODAL: "peaking",
    LP: "lowPass", LPQ: "lowPass", LOWPASS: "lowPass", HP: "highPass", HPQ: "highPass", HIGHPASS: "highPass",
    LP1: "lowPass1", LOWPASS1: "lowPass1", HP1: "highPass1", HIGHPASS1: "highPass1",
    LS: "lowShelf", LSQ: "lowShelf", LSC: "lowShelf", LOWSHELF: "lowShelf",
    HS: "highShelf", HSQ: "highShelf", HSC: "highShelf", HIGHSHELF: "highShelf",
    NO: "notch", NOTCH: "notch", NOTCHQ: "notch", BP: "bandPass", BANDPASS: "bandPass",
    AP: "allPass", APQ: "allPass", ALLPASS: "allPass",
};

/** The section that parts describe. */
export function sectionOf(
    parts: Parts, dialect: Dialect,
): { form: SectionForm; note: string } | { reason: string; isHarmless: boolean } {
    const shelf = /^([LH]S)(C?)([\d.,]+)DB$/.exec(parts.name);
    const type = shelf ? names[shelf[1]] : typeOf(parts.name);
    if (!type) return refuse(`"${parts.name}" is not a filter type that is known`);
    if (!(parts.frequency > 0)) return refuse("its frequency cannot be read");
    const isShelf = type === "lowShelf" || type === "highShelf";
    // The band-pass of Behringer's DCX2496, which REW writes with a gain, is a peak.
    const isPeakPass = type === "bandPass" && dialect === "rew" && Number.isFinite(parts.gainDb);
    const needsGain = isShelf || type === "peaking";
    if (needsGain && !Number.isFinite(parts.gainDb)) return refuse("it gives no gain");
    const notes: string[] = [];
    if (isPeakPass) notes.push("a band pass with a gain is a peak");
    if (dialect === "apo" && (parts.name === "LP1" || parts.name === "HP1")) {
        notes.push("taken as first order; Equalizer APO itself would read second order");
    }
    const width = shelf
        ? { by: "slope", slope: plainNumber(shelf[3]) / 12 } as Width
        : widthOf(parts, type, notes);
    if (!width) return refuse("it gives no Q and no bandwidth");
    const hasC = parts.name.startsWith("LSC") || parts.name.startsWith("HSC");
    const isCornerByQ = dialect === "apo" && Number.isFinite(parts.q) && isBare(parts.name);
    const isCorner = isShelf && !hasC && (shelf !== null || isCornerByQ);
    const form: SectionForm = {
        kind: "section",
        type: isPeakPass ? "peaking" : type,
        frequency: parts.frequency,
        gainDb: needsGain || isPeakPass ? parts.gainDb : 0,
        width,
        isCorner,
    };
    return { form, note: notes.join("; ") };
}

/** "LS", "HS": names that say nothing of a Q. */
function isBare(name: string): boolean {
    return name === "LS" || name === "HS";
}

function typeOf(name: string): FilterType | undefined {
    return Object.prototype.hasOwnProperty.call(names, name) ? names[name] : undefined;
}

function widthOf(parts: Parts, type: FilterType, notes: string[]): Width | undefined {
    const isShelf = type === "lowShelf" || type === "highShelf";
    if (parts.octaves > 0 && !isShelf) return { by: "octaves", octaves: parts.octaves };
    if (parts.q > 0) return { by: "q", q: parts.q };
    if (parts.sixtieths > 0 && !isShelf) return { by: "q", q: 60 / (parts.sixtieths * Math.SQRT2) };
    if (parts.time > 0 && type === "peaking") {
        notes.push("its Q follows from the T60 target");
        return { by: "q", q: qOfModalTime(parts.time, parts.frequency, parts.gainDb) };
    }
    switch (type) {
        case "lowShelf":
        case "highShelf":
            return standardWidths.shelf;
        case "notch":
            return standardWidths.notch;
        case "peaking":
        case "allPass":
            return undefined;
        default:
            return standardWidths.pass;
    }
}

function transformLine(parts: Parts, text: string, isOn: boolean, reading: Reading): Line {
    const pole = /\bFp\s*([\d.,\s]+?)\s*(?:H\s*z)?\s*Qp\s*([\d.,]+)/i.exec(text);
    if (!pole) return refuse("a Linkwitz transform needs Fp and Qp");
    return {
        form: {
            kind: "transform",
            frequency: parts.frequency,
            q: parts.q,
            poleFrequency: frequencyNumber(pole[1], reading.style),
            poleQ: plainNumber(pole[2]),
        },
        isOn,
        note: "a shelf and a peak",
    };
}

function coefficientLine(body: string, isOn: boolean, reading: Reading): Line {
    const order = Number(/\bOrder\s+(\d+)/i.exec(body)?.[1] ?? NaN);
    const list = /\bCoefficients\s+(.*)$/i.exec(body)?.[1];
    if (!Number.isFinite(order) || !list) return refuse("a filter of coefficients needs Order and Coefficients");
    if (order < 1 || order > 2) return refuse(`a filter of order ${order} is no band; orders 1 and 2 are taken`);
    const values = list.trim().split(/\s+/).map(plainNumber);
    if (values.some((value) => !Number.isFinite(value))) return refuse("its coefficients cannot be read");
    const count = order + 1;
    if (values.length !== 2 * count) return refuse(`order ${order} has ${2 * count} coefficients, not ${values.length}`);
    const form: Form = {
        kind: "coefficients",
        b: values.slice(0, count),
        a: values.slice(count),
        sampleRate: reading.sampleRate,
    };
    return { form, isOn, note: "" };
}
