// Parameters of the selected modules, made ready for panels.

import { useCallback, useMemo, useSyncExternalStore } from "react";

import { node } from "../node/store";
import type { ModuleType, ParameterSchema } from "../node/types";
import type { Edited } from "./changes";
import { extentsOf } from "./keys";
import { lawOf, Law } from "./law";
import { isNumber, quantityOf, rangeOf } from "./quantity";

/** A parameter with all that a panel has to know of it. */
export interface PanelParameter extends Edited {
    law: Law;
}

/** Parameters that have the same dimensions and so share a layout. */
export interface ParameterGroup {
    /** "c", "cb", "oi", "" … */
    shape: string;
    parameters: PanelParameter[];
    extents: number[];
}

/** All parameters of modules of one type; draws again when elements come or go, not when values change. */
export function useParameters(type: ModuleType | undefined, instances: string[], rate: number): PanelParameter[] {
    const [first = ""] = instances;
    const subscribe = useCallback((listener: () => void) => node.watchValues(first, listener), [first]);
    const sizes = useSyncExternalStore(subscribe, () => JSON.stringify((type?.params ?? []).map(
        (schema) => extentsOf(schema, (key) => node.value(first, key) !== undefined))));
    const all = instances.join(" ");
    return useMemo(() => {
        const extents = JSON.parse(sizes) as number[][];
        return (type?.params ?? []).map((schema, index) => {
            const quantity = quantityOf(schema);
            const range = rangeOf(schema, rate);
            return {
                instances: all.split(" "), schema, quantity, range,
                law: lawOf(quantity, range), extents: extents[index],
            };
        });
    }, [type, all, rate, sizes]);
}

/** Parameters by shape, in the order of the schema. */
export function groupsOf(parameters: PanelParameter[]): ParameterGroup[] {
    const groups = new Map<string, ParameterGroup>();
    for (const parameter of parameters) {
        const shape = parameter.schema.dims.join("");
        const group = groups.get(shape) ?? { shape, parameters: [], extents: parameter.extents };
        group.parameters.push(parameter);
        groups.set(shape, group);
    }
    return [...groups.values()].filter((group) => group.extents.every((extent) => extent > 0));
}

/** Whether the parameter is shown as a number field. */
export function isField(parameter: { schema: ParameterSchema }): boolean {
    return isNumber(parameter.schema);
}

/** Everything that must not be touched while tuning. */
export function isSystem(parameter: { schema: ParameterSchema }): boolean {
    return parameter.schema.role === "system";
}
