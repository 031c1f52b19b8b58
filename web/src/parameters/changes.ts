// Changes of parameters on one or several modules at once, with their links.

import { node } from "../node/store";
import type { ParameterSchema, Scalar } from "../node/types";
import { keyOf, parseKey } from "./keys";
import { linkedValues, LinkMode } from "./linking";
import { channelLink, groupOf } from "./linkState";
import type { Quantity, Range } from "./quantity";

/** A parameter of the modules that are edited together; the first one is shown. */
export interface Edited {
    /** Flattened ids of modules of one type. */
    instances: string[];
    schema: ParameterSchema;
    quantity: Quantity;
    range: Range;
    /** Number of elements in each dimension. */
    extents: number[];
}

/** Values when a movement began, by "instance key". */
export type Start = Record<string, number>;

/** Keys that move with one: the channels of its group, with the same band where there are bands. */
export function linkedKeys(edited: Edited, key: string): string[] {
    const channelPlace = edited.schema.dims.indexOf("c");
    if (channelPlace < 0) return [key];
    const { name, indices } = parseKey(key);
    const group = groupOf(channelLink(edited.instances[0]), indices[channelPlace], edited.extents[channelPlace]);
    return group.map((channel) => {
        const moved = indices.map((index, place) => (place === channelPlace ? channel : index));
        return keyOf(name, ...moved);
    });
}

/** The values from which a movement of one key takes its differences. */
export function startOf(edited: Edited, key: string): Start {
    const start: Start = {};
    for (const instance of edited.instances) {
        for (const linked of linkedKeys(edited, key)) {
            const value = node.value(instance, linked);
            if (value !== undefined) start[`${instance} ${linked}`] = Number(value);
        }
    }
    return start;
}

/** Moves a number and all that is linked with it. Sent at most once a frame; the last value always arrives. */
export function moveNumber(edited: Edited, key: string, start: Start, value: number): void {
    const first = edited.instances[0];
    const values = linkedValues(start, `${first} ${key}`, value, modeOf(edited, key), edited.quantity, edited.range);
    send(values);
}

/** Sets a switch or an enumeration on all that is linked with it. */
export function setScalar(edited: Edited, key: string, value: Scalar): void {
    const values: Record<string, Scalar> = {};
    for (const instance of edited.instances) {
        for (const linked of linkedKeys(edited, key)) {
            if (node.value(instance, linked) !== undefined) values[`${instance} ${linked}`] = value;
        }
    }
    send(values);
}

/** Sets keys of all edited modules that have them, without links. */
export function setKeys(instances: string[], values: Record<string, Scalar>): void {
    for (const instance of instances) {
        const own = Object.entries(values).filter(([key]) => node.value(instance, key) !== undefined);
        if (own.length > 0) node.setMany(instance, Object.fromEntries(own));
    }
}

function modeOf(edited: Edited, key: string): LinkMode {
    const { mode } = channelLink(edited.instances[0]);
    const isAlone = linkedKeys(edited, key).length < 2;
    if (edited.instances.length > 1 && (mode === "off" || isAlone)) {
        return mode === "relative" ? "relative" : "absolute";
    }
    return isAlone ? "off" : mode;
}

function send(values: Record<string, Scalar>): void {
    const byInstance = new Map<string, Record<string, Scalar>>();
    for (const [member, value] of Object.entries(values)) {
        const space = member.indexOf(" ");
        const instance = member.slice(0, space);
        const own = byInstance.get(instance) ?? {};
        own[member.slice(space + 1)] = value;
        byInstance.set(instance, own);
    }
    for (const [instance, own] of byInstance) {
        const keys = Object.keys(own);
        if (keys.length === 1) node.set(instance, keys[0], own[keys[0]]);
        else node.setMany(instance, own);
    }
}
