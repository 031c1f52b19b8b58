// Moves several values with one: absolutely (all the same) or relatively (differences are kept).

import { hasSilence, Quantity, Range } from "./quantity";

/** How channels hang together. */
export type LinkMode = "off" | "absolute" | "relative";

/**
 * What all members become when one goes to a new value.
 *
 * - `start`: values by member when the movement began; differences are taken from there, so nothing is lost on the way.
 * - Relative movements shift levels and delays and scale frequencies, times and ratios; they end where the first member
 *   reaches its limit. Silent members stay silent.
 */
export function linkedValues(
    start: Record<string, number>, changed: string, to: number, mode: LinkMode, quantity: Quantity, range: Range,
): Record<string, number> {
    if (mode === "off") return { [changed]: to };
    const members = Object.keys(start);
    if (mode === "absolute") return Object.fromEntries(members.map((member) => [member, to]));
    return relative(start, changed, to, quantity, range);
}

function relative(
    start: Record<string, number>, changed: string, to: number, quantity: Quantity, range: Range,
): Record<string, number> {
    const scaled = isScaled(quantity, range);
    const forward = (value: number): number => (scaled ? Math.log(value) : value);
    const back = (value: number): number => (scaled ? Math.exp(value) : value);
    const isSilent = (value: number): boolean => hasSilence(quantity, range) && value <= range.min;
    if (isSilent(start[changed])) return { [changed]: to };
    const moving = Object.keys(start).filter((member) => !isSilent(start[member]));
    let shift = forward(to) - forward(start[changed]);
    for (const member of moving) {
        const from = forward(start[member]);
        shift = Math.min(Math.max(shift, forward(range.min) - from), forward(range.max) - from);
    }
    return Object.fromEntries(moving.map((member) => [member, exact(back(forward(start[member]) + shift), range)]));
}

function exact(value: number, range: Range): number {
    return Math.min(Math.max(Number(value.toPrecision(9)), range.min), range.max);
}

/** Whether relative movements multiply. */
function isScaled(quantity: Quantity, range: Range): boolean {
    return quantity.kind !== "level" && quantity.kind !== "delay" && quantity.kind !== "count" && range.min > 0;
}
