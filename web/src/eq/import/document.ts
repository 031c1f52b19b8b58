// A whole text of filters: REW's settings file or table, Equalizer APO's configuration, miniDSP's coefficients.
import { readCoefficientText } from "./coefficientText";
import { readFilterLine, type Dialect, type Line, type Reading } from "./filterLine";
import type { Form } from "./form";
import { decimalsOf, plainNumber } from "./numbers";
import { readTable } from "./table";

/** What a text is written in. */
export type TextFormat = "rew" | "apo" | "table" | "coefficients";

/** A filter that a text describes. */
export interface Described {
    /** from 1 */
    line: number;
    text: string;
    form: Form;
    isOn: boolean;
    note: string;
    /** names of the channels it is for; null: all */
    channels: readonly string[] | null;
}

/** A flat gain that a text asks for. */
export interface Preamp {
    line: number;
    text: string;
    gainDb: number;
    channels: readonly string[] | null;
}

/** A line that could not be taken. */
export interface Refused {
    line: number;
    text: string;
    reason: string;
    /** It would have changed nothing. */
    isHarmless: boolean;
}

export interface Document {
    format: TextFormat;
    filters: Described[];
    preamps: Preamp[];
    refused: Refused[];
    /** The channel names that the text mentions, in their order. */
    channels: string[];
}

/** How to read. `sampleRate` (Hz) is that of coefficients in the text; `highest` frequency is half the chain's rate. */
export interface DocumentOptions {
    format?: TextFormat;
    sampleRate: number;
    highest: number;
}

const commandsNotTaken: Readonly<Record<string, string>> = {
    copy: "mixing channels is not part of an equaliser: use a mixer",
    delay: "delay is not part of an equaliser: use a delay",
    graphiceq: "a graphic equaliser's free curve is not a row of bands",
    convolution: "an impulse response is not a row of bands: use a FIR filter",
    include: "another file is not read: import it by itself",
    device: "devices are not known here; what follows is taken",
    stage: "stages are not known here; what follows is taken",
    eval: "expressions are not evaluated",
    vstplugin: "plug-ins are not loaded",
    loudnesscorrection: "loudness correction is not a row of bands",
};

/** What a text most likely is. */
export function detectFormat(text: string): TextFormat {
    if (/^\s*biquad\s*\d+\s*,/im.test(text)) return "coefficients";
    if (/^[^\n]*\bFrequency\s*\(Hz\)/im.test(text) || /^[^\n]*\btype[,;\t][^\n]*freq/im.test(text)) return "table";
    const isRew = /^\s*(Filter Settings file|Room EQ V|Equali[sz]er\s*:)/im.test(text);
    return isRew ? "rew" : "apo";
}

/** Reads a text. */
export function readDocument(text: string, options: DocumentOptions): Document {
    const clean = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const format = options.format ?? detectFormat(clean);
    const dialect: Dialect = format === "apo" ? "apo" : "rew";
    const reading: Reading = {
        dialect,
        style: { decimals: decimalsOf(clean), isStrict: dialect === "apo", highest: options.highest },
        sampleRate: options.sampleRate,
    };
    if (format === "coefficients") return { format, preamps: [], channels: [], ...readCoefficientText(clean, reading) };
    if (format === "table") return { format, preamps: [], ...readTable(clean, reading) };
    return readLines(clean, format, reading);
}

function readLines(text: string, format: TextFormat, reading: Reading): Document {
    const document: Document = { format, filters: [], preamps: [], refused: [], channels: [] };
    let channels: readonly string[] | null = null;
    let conditions = 0;
    text.split("\n").forEach((raw, index) => {
        const line = index + 1;
        const trimmed = raw.trim();
        if (trimmed === "" || trimmed.startsWith("#")) return;
        const refuse = (reason: string, isHarmless = false): void => {
            document.refused.push({ line, text: trimmed, reason, isHarmless });
        };
        const command = /^([A-Za-z]+)[^:]*:\s*(.*)$/.exec(trimmed);
        const name = command?.[1].toLowerCase() ?? "";
        const rest = command?.[2] ?? "";
        if (reading.dialect === "apo") {
            if (name === "if") conditions++;
            if (name === "if" || name === "elseif" || name === "else" || name === "endif") {
                if (name === "endif") conditions = Math.max(0, conditions - 1);
                refuse("conditions are not evaluated; what is inside is left out", name !== "if");
                return;
            }
            if (conditions > 0) {
                refuse("it is inside a condition");
                return;
            }
            if (name === "channel") {
                channels = channelList(rest);
                for (const channel of channels ?? []) {
                    if (!document.channels.includes(channel)) document.channels.push(channel);
                }
                return;
            }
            if (Object.prototype.hasOwnProperty.call(commandsNotTaken, name)) {
                refuse(commandsNotTaken[name]);
                return;
            }
        }
        if (name === "preamp") {
            const gainDb = plainNumber(/^\s*([-+\u2212]?[\d.,eE+-]+)\s*dB/i.exec(rest)?.[1] ?? "");
            if (Number.isFinite(gainDb)) document.preamps.push({ line, text: trimmed, gainDb, channels });
            else refuse("its gain cannot be read");
            return;
        }
        const read: Line | undefined = readFilterLine(trimmed, reading);
        if (!read) return;
        if ("reason" in read) refuse(read.reason, read.isHarmless);
        else document.filters.push({ line, text: trimmed, channels, ...read });
    });
    return document;
}

/** "L 2 C" as names; null for "all". */
function channelList(text: string): string[] | null {
    const names = text.trim().split(/[\s,]+/).filter((name) => name !== "").map((name) => name.toUpperCase());
    return names.length === 0 || names.includes("ALL") ? null : names;
}
