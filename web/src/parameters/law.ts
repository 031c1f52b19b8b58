// How a slider's way relates to a value, and how far one step goes.

import { levelAt, placeOf } from "../frame/taper";
import { Quantity, Range, reachOf } from "./quantity";

/** Where values lie on a slider, from 0 to 1, and the steps of keys and wheel. */
export interface Law {
    kind: "linear" | "logarithmic" | "power" | "taper";
    /** From one end of the slider to the other, also where the parameter has no limits. */
    range: Range;
    /** From 0 to 1. */
    position(value: number): number;
    /** The value at a position, tidied. */
    value(position: number, fine?: boolean): number;
    /** The value so many steps on (negative: back); a fine step is about a tenth of one. */
    step(value: number, steps: number, fine: boolean): number;
}

/** The law that suits a parameter. */
export function lawOf(quantity: Quantity, limits: Range): Law {
    const range = reachOf(quantity, limits);
    const whole = quantity.kind === "count" || quantity.kind === "delay";
    const kind = kindOf(quantity, range);
    const curve = curves[kind](range);
    const clamp = (value: number): number => Math.min(Math.max(value, range.min), range.max);
    const tidied = (value: number, fine: boolean): number => (
        clamp(whole ? Math.round(value) : tidy(value, quantity, fine)));
    return {
        kind,
        range,
        position: (value) => curve.position(clamp(value)),
        value: (position, fine = false) => {
            if (position <= 0) return range.min;
            if (position >= 1) return range.max;
            return tidied(curve.value(position), fine);
        },
        step: (value, steps, fine) => {
            if (quantity.kind === "level") {
                const unit = fine ? 0.1 : 0.5;
                return clamp(round(value + steps * unit, 2));
            }
            if (whole) return clamp(Math.round(value) + steps);
            const way = (steps * stepOf(kind, range)) / (fine ? 10 : 1);
            const on = clamp(curve.value(curve.position(clamp(value)) + way));
            const next = tidied(on, true);
            return (next - value) * steps > 0 ? next : on;
        },
    };
}

function kindOf(quantity: Quantity, range: Range): Law["kind"] {
    if (quantity.kind === "level") return range.min <= -100 ? "taper" : "linear";
    if (quantity.kind === "count") return range.max - range.min > 1000 && range.min >= 0 ? "power" : "linear";
    const wide = range.min > 0 && range.max / range.min >= 20;
    if (wide) return "logarithmic";
    return range.min === 0 && range.max >= 20 ? "power" : "linear";
}

/** The way of one step. */
function stepOf(kind: Law["kind"], range: Range): number {
    return kind === "logarithmic" ? Math.LN2 / 24 / Math.log(range.max / range.min) : 1 / 200;
}

interface Curve {
    position(value: number): number;
    /** Also beyond 0 and 1, where it makes sense. */
    value(position: number): number;
}

const curves: Record<Law["kind"], (range: Range) => Curve> = {
    linear: ({ min, max }) => ({
        position: (value) => (value - min) / (max - min),
        value: (position) => min + position * (max - min),
    }),
    logarithmic: ({ min, max }) => ({
        position: (value) => Math.log(value / min) / Math.log(max / min),
        value: (position) => min * Math.pow(max / min, position),
    }),
    power: ({ min, max }) => ({
        position: (value) => Math.cbrt((value - min) / (max - min)),
        value: (position) => min + Math.pow(Math.max(position, 0), 3) * (max - min),
    }),
    taper: ({ min, max }) => {
        const low = placeOf(min);
        const high = placeOf(max);
        return {
            position: (value) => (placeOf(value) - low) / (high - low),
            value: (position) => levelAt(low + position * (high - low)),
        };
    },
};

/** A value as a person would set it: a tenth of a dB, three digits of a frequency; fine = one digit more. */
export function tidy(value: number, quantity: Quantity, fine: boolean): number {
    if (quantity.kind === "level") return round(value, fine ? 2 : 1);
    if (value === 0) return 0;
    return Number(value.toPrecision(fine ? 5 : 3));
}

function round(value: number, decimals: number): number {
    return Number(value.toFixed(decimals)) + 0;
}
