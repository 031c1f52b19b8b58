// Names for people, made from the names in schemas.

import type { ParameterSchema } from "../node/types";

const words: Record<string, string> = {
    freq: "frequency", q: "Q", rms: "RMS", fir: "FIR", eq: "EQ", makeup: "make-up", lookahead: "look-ahead",
};
const unitEndings = /(Db|Ms|Hz|Samples|Cm)$/;

/** "gainDb" → "Gain", "rmsTimeMs" → "RMS time", "whiteNoise" → "White noise", "lowPass1" → "Low pass 1". */
export function titleOf(name: string): string {
    const bare = unitEndings.test(name) && !/^(Db|Ms|Hz)$/i.test(name) ? name.replace(unitEndings, "") : name;
    const parts = bare
        .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
        .replace(/([A-Za-z])(\d)/g, "$1 $2")
        .split(/[\s_]+/)
        .map((part) => words[part.toLowerCase()] ?? part.toLowerCase());
    const title = parts.join(" ");
    return title.charAt(0).toUpperCase() + title.slice(1);
}

const elements: Record<string, string> = { c: "Channel", b: "Band", k: "Split", o: "Output", i: "Input" };

/** What the elements of a dimension are called: "Channel", "Band" … */
export function elementName(dimension: string): string {
    return elements[dimension] ?? "Element";
}

/** A parameter's element in words: "Gain, channel 2", "Frequency, channel 1, band 3". */
export function elementTitle(schema: ParameterSchema, indices: number[]): string {
    const places = schema.dims.map((dimension, i) => `${elementName(dimension).toLowerCase()} ${indices[i] + 1}`);
    return [titleOf(schema.name), ...places].join(", ");
}

const marks: Record<string, string> = { mute: "M", phase: "Ø" };

/** What stands on small switches: a letter where there is a usual one. */
export function shortTitleOf(name: string): string {
    return marks[name] ?? titleOf(name);
}
