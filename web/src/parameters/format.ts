// Shows quantities, and writes them so that they can be typed over.

import { DelayUnit, hasSilence, Quantity, Range, samplesPer, silenceDb, UnitContext } from "./quantity";

/** A value with its unit, rounded for reading: "−3.5 dB", "1.2 kHz", "3.02 ms". */
export function formatQuantity(value: number, quantity: Quantity, context: UnitContext): string {
    switch (quantity.kind) {
        case "level":
            return value <= silenceDb ? `−∞ ${quantity.unit}` : `${minus(decimals(value, 1, 2))} ${quantity.unit}`;
        case "frequency":
            return Math.abs(value) >= 999.95 ? `${significant(value / 1000, 4)} kHz` : `${significant(value, 4)} Hz`;
        case "time":
            return Math.abs(value) >= 999.95 ? `${significant(value / 1000, 4)} s` : `${significant(value, 4)} ms`;
        case "delay":
            return formatDelay(value, context.delayUnit, context);
        case "count":
        case "ratio":
            return minus(quantity.unit ? `${significant(value, 5)} ${quantity.unit}` : significant(value, 5));
    }
}

/** A delay of samples in one unit, with it: "12.3 cm". */
export function formatDelay(samples: number, unit: DelayUnit, context: UnitContext): string {
    const value = samples / samplesPer(unit, context);
    switch (unit) {
        case "samples": return `${Math.round(samples)} samples`;
        case "ms": return `${decimals(value, 2, 3)} ms`;
        case "cm": return `${decimals(value, 0, 1)} cm`;
        case "m": return `${decimals(value, 2, 3)} m`;
        case "ft": return `${decimals(value, 2, 3)} ft`;
    }
}

/** The exact value without its unit, as a field shows it for typing over. */
export function editText(value: number, quantity: Quantity, context: UnitContext): string {
    if (quantity.kind === "delay") {
        const shown = value / samplesPer(context.delayUnit, context);
        return context.delayUnit === "samples" ? String(Math.round(value)) : decimals(shown, 0, 4);
    }
    return String(Number(value.toPrecision(9)));
}

/** The unit that a bare number in a field means. */
export function shownUnit(quantity: Quantity, context: UnitContext): string {
    return quantity.kind === "delay" ? context.delayUnit : quantity.unit;
}

/** The range in words: "−120 to 24 dB". */
export function formatRange(range: Range, quantity: Quantity, context: UnitContext): string {
    const low = hasSilence(quantity, range) ? `${range.min}` : editText(range.min, quantity, context);
    const unit = shownUnit(quantity, context);
    return minus(`${low} to ${editText(range.max, quantity, context)}${unit ? ` ${unit}` : ""}`);
}

/**
 * The value if it is in the range, silence for a level of -Infinity where there is silence, or a sentence that says
 * what is allowed.
 */
export function inRange(
    value: number, range: Range, quantity: Quantity, context: UnitContext,
): { ok: true; value: number } | { ok: false; reason: string } {
    if (value === -Infinity && hasSilence(quantity, range)) return { ok: true, value: range.min };
    const slack = 1e-7 * Math.max(Math.abs(range.min), Math.abs(range.max));
    if (value >= range.min - slack && value <= range.max + slack) {
        return { ok: true, value: Math.min(Math.max(value, range.min), range.max) };
    }
    const typed = Number.isFinite(value) ? formatQuantity(value, quantity, context) : "Silence";
    const side = value < range.min ? "below" : "above";
    return { ok: false, reason: `${typed} is ${side} what is allowed: ${formatRange(range, quantity, context)}.` };
}

/** A number with the sign that people print; fields for typing keep the one of the keyboard. */
export function minus(text: string): string {
    return text.replace(/^-/, "−");
}

/** At least `low` and at most `high` decimals. */
function decimals(value: number, low: number, high: number): string {
    const text = value.toFixed(high);
    const point = text.indexOf(".");
    let end = text.length;
    while (point >= 0 && end > point + 1 + low && text[end - 1] === "0") end -= 1;
    if (end === point + 1) end = point;
    const shown = text.slice(0, end);
    return Number(shown) === 0 ? shown.replace("-", "") : shown;
}

/** So many significant digits, without needless noughts or exponents. */
function significant(value: number, digits: number): string {
    const rounded = Number(value.toPrecision(digits));
    return rounded === 0 ? "0" : Math.abs(rounded) < 1e-6 ? rounded.toExponential() : String(rounded);
}
