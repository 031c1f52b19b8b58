// Parameter keys on the wire: name, name#d0, name#d0#d1.

import type { ParameterSchema, Scalar } from "../node/types";
import { silenceDb } from "./quantity";

/** A key's name and indices. */
export interface ParameterKey {
    name: string;
    indices: number[];
}

/** The key as the node writes it. */
export function keyOf(name: string, ...indices: number[]): string {
    return [name, ...indices].join("#");
}

/** Takes a key apart. */
export function parseKey(key: string): ParameterKey {
    const [name, ...indices] = key.split("#");
    return { name, indices: indices.map(Number) };
}

/** Sorts keys as people read them: by name in the schema's order, then by number. */
export function compareKeys(order: string[]): (a: string, b: string) => number {
    const place = new Map(order.map((name, index) => [name, index]));
    return (a, b) => {
        const one = parseKey(a);
        const two = parseKey(b);
        const byName = (place.get(one.name) ?? order.length) - (place.get(two.name) ?? order.length);
        if (byName !== 0) return byName;
        for (let i = 0; i < Math.max(one.indices.length, two.indices.length); i += 1) {
            const difference = (one.indices[i] ?? -1) - (two.indices[i] ?? -1);
            if (difference !== 0) return difference;
        }
        return a < b ? -1 : a > b ? 1 : 0;
    };
}

/** How many elements a parameter has in each dimension, read from the keys that have a value. */
export function extentsOf(schema: ParameterSchema, has: (key: string) => boolean): number[] {
    const extents = schema.dims.map(() => 0);
    schema.dims.forEach((_, dimension) => {
        const indices = schema.dims.map(() => 0);
        while (indices[dimension] < 1024 && has(keyOf(schema.name, ...indices))) indices[dimension] += 1;
        extents[dimension] = indices[dimension];
    });
    return extents;
}

/** Every key of a parameter with these extents. */
export function keysOf(schema: ParameterSchema, extents: number[]): string[] {
    return extents.reduce<number[][]>(
        (all, extent) => all.flatMap((indices) => Array.from({ length: extent }, (_, i) => [...indices, i])),
        [[]],
    ).map((indices) => keyOf(schema.name, ...indices));
}

/** Defaults that the library may state apart from the general one. */
interface ElementDefaults {
    defaultOffDiagonal?: Scalar;
    defaultTable?: Scalar[];
}

/**
 * The default of an element. Where the library does not say it, a crosspoint off a level matrix's diagonal is silent.
 */
export function defaultAt(schema: ParameterSchema, indices: number[]): Scalar {
    const stated = schema as ParameterSchema & ElementDefaults;
    const general = schema.defaultValue ?? (schema.dataType === "bool" ? false : schema.values?.[0] ?? 0);
    if (stated.defaultTable && indices.length > 0 && indices[0] < stated.defaultTable.length) {
        return stated.defaultTable[indices[0]];
    }
    if (schema.dims.join("") === "oi" && indices[0] !== indices[1]) {
        if (stated.defaultOffDiagonal !== undefined) return stated.defaultOffDiagonal;
        if (schema.unit.startsWith("dB")) return schema.minValue ?? silenceDb;
    }
    return general;
}
