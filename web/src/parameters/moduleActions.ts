// Copy, paste and reset of all values of modules.

import { typeTitle } from "../flow/families";
import { notify } from "../frame/ui";
import { node } from "../node/store";
import type { Scalar } from "../node/types";
import { copyText, pastedText } from "./clipboard";
import { isSystem, PanelParameter } from "./edited";
import { defaultAt, keysOf, parseKey } from "./keys";
import { fitting, moduleText, parseModuleText } from "./moduleText";
import type { SelectedModules } from "./selected";

/** Copies the values of the first module as text. */
export function copyModule(modules: SelectedModules): void {
    void copyText(moduleText({ moduleType: modules.moduleType, params: node.values(modules.instances[0]) }));
    notify("info", `The values of ${modules.instances[0]} are in the clipboard.`);
}

/** Pastes the values in the clipboard. */
export async function pasteModule(
    modules: SelectedModules, parameters: PanelParameter[], isLocked: boolean,
): Promise<void> {
    pasteValues(await pastedText(), modules, parameters, isLocked);
}

/** Sets modules to the values that a text holds; says why not when it holds none of this type. */
export function pasteValues(
    text: string, modules: SelectedModules, parameters: PanelParameter[], isLocked: boolean,
): void {
    const copied = parseModuleText(text);
    if (!copied) {
        notify("error", "There are no values of a module in the clipboard. Copy those of another module first.");
        return;
    }
    if (copied.moduleType !== modules.moduleType) {
        const own = typeTitle(modules.moduleType, modules.type?.instanceName);
        notify("error", `The clipboard holds values of ${typeTitle(copied.moduleType)}, not of ${own}.`);
        return;
    }
    const system = new Set(parameters.filter(isSystem).map((parameter) => parameter.schema.name));
    const may = (key: string): boolean => {
        const { name } = parseKey(key);
        return name !== "enable" && !(isLocked && system.has(name));
    };
    let left = 0;
    for (const instance of modules.instances) {
        const fit = fitting(copied, (key) => node.value(instance, key) !== undefined, may);
        left = Math.max(left, fit.left);
        void applyTo(instance, fit.params);
    }
    const note = left > 0 ? ` ${left} values of channels that it does not have were left out.` : "";
    notify("info", `Values were pasted into ${modules.instances.join(", ")}.${note}`);
}

/** Sets everything that is tuned to its default. */
export function resetModules(modules: SelectedModules, parameters: PanelParameter[]): void {
    const values: Record<string, Scalar> = {};
    for (const { schema, extents } of parameters) {
        if (schema.role === "system" || schema.dataType === "floatArray") continue;
        for (const key of keysOf(schema, extents)) values[key] = defaultAt(schema, parseKey(key).indices);
    }
    for (const instance of modules.instances) {
        const own = Object.entries(values).filter(([key]) => node.value(instance, key) !== undefined);
        void applyTo(instance, Object.fromEntries(own));
    }
    notify("info", `${modules.instances.join(", ")} is back at its defaults. Ctrl-Z takes that back.`);
}

async function applyTo(instance: string, values: Record<string, Scalar>): Promise<void> {
    if (Object.keys(values).length === 0) return;
    try {
        await node.apply(instance, values);
    } catch (error) {
        notify("error", error instanceof Error ? error.message : String(error));
    }
}
