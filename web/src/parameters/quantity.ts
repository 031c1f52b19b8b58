// What kind of number a parameter is: which units may be typed and how it is shown.

import type { ParameterSchema } from "../node/types";

/** Kinds of numbers: levels in dB, frequencies in Hz, times in ms, delays in samples, whole counts, plain ratios. */
export type QuantityKind = "level" | "frequency" | "time" | "delay" | "count" | "ratio";

/** A kind of number with the unit that the node stores it in. */
export interface Quantity {
    kind: QuantityKind;
    /** As in the schema: "dB", "dBFS", "Hz", "ms", "samples" or nothing. */
    unit: string;
}

/** Units that a delay can be shown and typed in. */
export type DelayUnit = "ms" | "cm" | "m" | "ft" | "samples";

/** All units of delays, in the order of the menu. */
export const delayUnits: DelayUnit[] = ["ms", "cm", "m", "ft", "samples"];

/** What conversions depend on. */
export interface UnitContext {
    /** Samples a second. */
    rate: number;
    /** Metres a second. */
    speedOfSound: number;
    /** The unit that a bare number typed into a delay means. */
    delayUnit: DelayUnit;
}

/** Smallest and largest value in the stored unit. */
export interface Range {
    min: number;
    max: number;
}

/** Levels at or below this are silence, in dB. */
export const silenceDb = -120;

/** The kind of a parameter's number, read from its unit and data type. */
export function quantityOf(schema: ParameterSchema): Quantity {
    const unit = schema.unit ?? "";
    if (/^dB/.test(unit)) return { kind: "level", unit };
    if (unit === "Hz") return { kind: "frequency", unit };
    if (unit === "ms") return { kind: "time", unit };
    if (unit === "samples") return { kind: "delay", unit };
    return { kind: isInteger(schema) ? "count" : "ratio", unit };
}

/** Whether only whole numbers are stored. */
export function isInteger(schema: ParameterSchema): boolean {
    return schema.dataType === "int32" || schema.dataType === "uint8";
}

/** Whether the parameter is a number that a field and a slider can show. */
export function isNumber(schema: ParameterSchema): boolean {
    return schema.dataType === "float" || isInteger(schema);
}

/** The range at a sample rate: some parameters end at a fraction of it. Numbers in it are finite, whatever it lacks. */
export function rangeOf(schema: ParameterSchema, rate: number): Range {
    const { minValue, maxValue, maxIsOfRate } = schema;
    return {
        min: minValue ?? -Number.MAX_VALUE,
        max: maxValue === undefined ? Number.MAX_VALUE : maxIsOfRate ? maxValue * rate : maxValue,
    };
}

/** What a slider reaches where the schema states no limits. */
const usual: Record<QuantityKind, Range> = {
    level: { min: silenceDb, max: 24 },
    frequency: { min: 20, max: 20_000 },
    time: { min: 0, max: 1000 },
    delay: { min: 0, max: 96_000 },
    count: { min: 0, max: 100 },
    ratio: { min: -100, max: 100 },
};

/** The range with the usual limits of such numbers in place of those that it lacks. */
export function reachOf(quantity: Quantity, range: Range): Range {
    const { min, max } = usual[quantity.kind];
    const isLow = range.min > -Number.MAX_VALUE;
    const isHigh = range.max < Number.MAX_VALUE;
    if (isLow) return { min: range.min, max: isHigh ? range.max : Math.max(max, range.min + max - min) };
    return isHigh ? { min: Math.min(min, range.max + min - max), max: range.max } : { min, max };
}

/** Whether a level's lowest value means silence. */
export function hasSilence(quantity: Quantity, range: Range): boolean {
    return quantity.kind === "level" && range.min <= silenceDb;
}

/** Samples in one of a delay's units. */
export function samplesPer(unit: DelayUnit, context: UnitContext): number {
    switch (unit) {
        case "samples": return 1;
        case "ms": return context.rate / 1000;
        case "cm": return context.rate / context.speedOfSound / 100;
        case "m": return context.rate / context.speedOfSound;
        case "ft": return (context.rate / context.speedOfSound) * metresPerFoot;
    }
}

/** Metres in a foot. */
export const metresPerFoot = 0.3048;
