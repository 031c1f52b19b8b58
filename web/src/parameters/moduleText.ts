// All values of a module as a text, to be pasted into another of its type.

/** Values of a module with its type. */
export interface ModuleValues {
    moduleType: string;
    params: Record<string, string>;
}

const mark = "soundpost/module";

/** Values as the text that goes to the clipboard. */
export function moduleText(values: ModuleValues): string {
    return JSON.stringify({ kind: mark, moduleType: values.moduleType, params: values.params }, null, 1) + "\n";
}

/** Values from a text; null when it is not one of ours. */
export function parseModuleText(text: string): ModuleValues | null {
    if (!text.includes(mark)) return null;
    let read: unknown;
    try {
        read = JSON.parse(text);
    } catch {
        return null;
    }
    if (typeof read !== "object" || read === null) return null;
    const { kind, moduleType, params } = read as Record<string, unknown>;
    if (kind !== mark || typeof moduleType !== "string" || typeof params !== "object" || params === null) return null;
    const entries = Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return { moduleType, params: Object.fromEntries(entries) };
}

/** What fits a module: values whose key it has and may change, and the number of those left out. */
export function fitting(
    values: ModuleValues, has: (key: string) => boolean, may: (key: string) => boolean,
): { params: Record<string, string>; left: number } {
    const all = Object.entries(values.params);
    const kept = all.filter(([key]) => has(key) && may(key));
    return { params: Object.fromEntries(kept), left: all.filter(([key]) => !has(key)).length };
}
