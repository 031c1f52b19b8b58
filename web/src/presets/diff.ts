// Differences between two sets of values, as people read them.

import type { ModuleType, ParameterSchema } from "../node/types";
import { formatQuantity } from "../parameters/format";
import { compareKeys, parseKey } from "../parameters/keys";
import { isNumber, quantityOf, UnitContext } from "../parameters/quantity";
import { elementTitle, titleOf } from "../parameters/titles";

/** Values of a module by canonical key. */
export type Values = Record<string, string>;

/** One value that differs. */
export interface DiffLine {
    key: string;
    /** "Gain, channel 2" */
    title: string;
    /** As on the wire; undefined where a side has no such value. */
    left: string | undefined;
    right: string | undefined;
    leftText: string;
    rightText: string;
}

/** The lines in which two sets differ, in the order of the schema. */
export function diffLines(left: Values, right: Values, type: ModuleType | undefined, context: UnitContext): DiffLine[] {
    const schemas = new Map((type?.params ?? []).map((schema) => [schema.name, schema]));
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    return keys
        .filter((key) => !isSame(left[key], right[key]))
        .sort(compareKeys([...schemas.keys()]))
        .map((key) => {
            const { name, indices } = parseKey(key);
            const schema = schemas.get(name);
            return {
                key,
                title: schema ? elementTitle(schema, indices) : key,
                left: left[key],
                right: right[key],
                leftText: valueText(left[key], schema, context),
                rightText: valueText(right[key], schema, context),
            };
        });
}

/** Whether two values mean the same: "3.0" and "3" do. */
export function isSame(one: string | undefined, two: string | undefined): boolean {
    if (one === two) return true;
    if (one === undefined || two === undefined || one.trim() === "" || two.trim() === "") return false;
    return Number(one) === Number(two);
}

/** A value as people read it. */
export function valueText(
    value: string | undefined, schema: ParameterSchema | undefined, context: UnitContext,
): string {
    if (value === undefined) return "–";
    if (!schema) return value;
    if (schema.dataType === "bool") return value === "true" ? "on" : "off";
    if (schema.dataType === "enum") return titleOf(value);
    if (!isNumber(schema)) return value;
    const number = Number(value);
    return Number.isFinite(number) ? formatQuantity(number, quantityOf(schema), context) : value;
}
