// Reads typed quantities: "3ms", "12 cm", "-6", "1k2", "50%".

import { leadingNumber, plainText } from "./numberText";
import { metresPerFoot, Quantity, samplesPer, UnitContext } from "./quantity";

/** What was typed, in the stored unit, or why it cannot be read. */
export type Parsed = { ok: true; value: number } | { ok: false; reason: string };

const silenceWords = /^(off|silence|silent|mute|-\s*(inf|infinity|∞))(\s*db(fs)?)?$/i;

/**
 * Reads a number with or without a unit.
 *
 * - `present`: the value in force, which "+=3", "-=3", "*=2" and "/=2" start from.
 * - Returns the value in the quantity's stored unit, not checked against a range; a level may be -Infinity.
 */
export function parseQuantity(text: string, quantity: Quantity, context: UnitContext, present?: number): Parsed {
    const typed = plainText(text);
    if (typed === "") return fault(`Nothing was typed. ${examples(quantity)}`);
    const change = /^([-+*/×])=\s*(.+)$/.exec(typed);
    if (change) return parseChange(change[1], change[2], quantity, context, present);
    if (quantity.kind === "level" && silenceWords.test(typed)) return { ok: true, value: -Infinity };
    const number = leadingNumber(typed);
    if (!number) return fault(`"${text.trim()}" is no number. ${examples(quantity)}`);
    const convert = conversion(number.rest, quantity, context);
    if (!convert) {
        return fault(`"${number.rest}" is no unit of ${nouns[quantity.kind]}. ${examples(quantity)}`);
    }
    const value = convert(number.value);
    if (Number.isNaN(value)) {
        return fault(`${text.trim()} is no level: a factor cannot be negative. ${examples(quantity)}`);
    }
    return { ok: true, value: isWhole(quantity) ? Math.round(value) : value };
}

function parseChange(
    sign: string, text: string, quantity: Quantity, context: UnitContext, present: number | undefined,
): Parsed {
    if (present === undefined) return fault("There is no value yet that could be changed.");
    const factor = leadingNumber(text);
    if (sign === "*" || sign === "×" || sign === "/") {
        if (!factor || factor.rest !== "" || (sign === "/" && factor.value === 0)) {
            return fault(`"${text}" is no factor: write *=2 or /=2.`);
        }
        const value = sign === "/" ? present / factor.value : present * factor.value;
        return { ok: true, value: isWhole(quantity) ? Math.round(value) : value };
    }
    if (quantity.kind === "level" && factor && !/^(db(fs)?)?$/i.test(factor.rest)) {
        return fault(`"${text}" is no difference of levels: write +=3 or -=3 dB.`);
    }
    const difference = parseQuantity(text, quantity, context);
    if (!difference.ok) return difference;
    return { ok: true, value: sign === "-" ? present - difference.value : present + difference.value };
}

/** Whether only whole numbers are stored. */
function isWhole(quantity: Quantity): boolean {
    return quantity.kind === "delay" || quantity.kind === "count";
}

type Conversion = (value: number) => number;

/** How a number with this unit becomes one in the stored unit; null when the unit is not of the kind. */
function conversion(unit: string, quantity: Quantity, context: UnitContext): Conversion | null {
    const scale = (factor: number): Conversion => (value) => value * factor;
    switch (quantity.kind) {
        case "level":
            if (/^(db(fs|r)?)?$/i.test(unit)) return scale(1);
            if (unit === "%") return (value) => decibels(value / 100);
            if (/^(x|×|lin)$/i.test(unit)) return decibels;
            return null;
        case "frequency":
            if (unit === "" || /^hz$/i.test(unit)) return scale(1);
            if (/^k(hz)?$/i.test(unit)) return scale(1e3);
            if (/^M(hz)?$/i.test(unit) && unit[0] === "M") return scale(1e6);
            return null;
        case "time": {
            const seconds = secondsPer(unit, context);
            if (unit === "") return scale(1);
            return seconds === null ? null : scale(seconds * 1000);
        }
        case "delay": {
            const seconds = secondsPer(unit, context);
            if (unit === "") return scale(samplesPer(context.delayUnit, context));
            return seconds === null ? null : scale(seconds * context.rate);
        }
        case "count":
        case "ratio":
            if (unit === "" || unit.toLowerCase() === quantity.unit.toLowerCase()) return scale(1);
            if (unit === "k" || unit === "K") return scale(1e3);
            if (unit === "%" && quantity.kind === "ratio") return scale(0.01);
            if (/^:\s*1$/.test(unit)) return scale(1);
            return null;
    }
}

/** Seconds in a unit of time, of samples or of the way that sound goes; null for anything else. */
function secondsPer(unit: string, context: UnitContext): number | null {
    switch (unit.toLowerCase()) {
        case "ms": case "msec": return 1e-3;
        case "s": case "sec": return 1;
        case "us": case "µs": case "μs": return 1e-6;
        case "samples": case "sample": case "smp": case "smpl": case "spl": case "sa": return 1 / context.rate;
        case "mm": return 1e-3 / context.speedOfSound;
        case "cm": return 1e-2 / context.speedOfSound;
        case "m": return 1 / context.speedOfSound;
        case "ft": case "feet": case "foot": case "'": case "′": return metresPerFoot / context.speedOfSound;
        case "in": case "inch": case "\"": case "″": return metresPerFoot / 12 / context.speedOfSound;
        default: return null;
    }
}

function decibels(factor: number): number {
    if (factor < 0) return NaN;
    return factor === 0 ? -Infinity : 20 * Math.log10(factor);
}

const nouns: Record<Quantity["kind"], string> = {
    level: "a level", frequency: "a frequency", time: "a time", delay: "a delay", count: "a count", ratio: "a ratio",
};

/** Ways to write a quantity that are understood. */
export function examples(quantity: Quantity): string {
    switch (quantity.kind) {
        case "level": return "Write for instance -6, -3.5 dB, 50% or off.";
        case "frequency": return "Write for instance 440, 1.2k, 1k2 or 80 Hz.";
        case "time": return "Write for instance 20, 3 ms or 0.5 s.";
        case "delay": return "Write for instance 3 ms, 12 cm, 1.5 m, 4 ft or 96 samples.";
        case "count": return "Write a whole number.";
        case "ratio": return "Write for instance 0.71, 4 or 50%.";
    }
}

function fault(reason: string): Parsed {
    return { ok: false, reason };
}
