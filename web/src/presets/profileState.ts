// What of a profile plays. Pure.

import type { LinkConfig, Preset, PresetList, Profile } from "../node/types";

/** Presets as options of a select. */
export function named(presets: Preset[]): [string, string][] {
    return presets.map((preset) => [preset.presetId, preset.name]);
}

/** Flattened ids of all modules, sub-graphs gone into. */
export function allInstances(link: LinkConfig | null): string[] {
    if (!link) return [];
    const found: string[] = [];
    const visit = (chainId: string, path: string[]): void => {
        for (const each of link.chains[chainId]?.nodes ?? []) {
            const place = [...path, each.instanceId];
            if (each.subGraphId === undefined) found.push(place.join("."));
            else if (place.length <= 16) visit(each.subGraphId, place);
        }
    };
    visit(link.rootChainId, []);
    return found;
}

/** A module of a profile. */
export interface ProfileLine {
    instance: string;
    presetId: string;
    /** Of the preset, or its id while the list is not known. */
    presetName: string;
    isAbsent: boolean;
    /** Whether the module plays this preset just so. */
    plays: "unchanged" | "changed" | "no";
}

/** What a profile holds, module by module. */
export function profileLines(
    profile: Profile, instances: string[], presets: Record<string, PresetList>,
): ProfileLine[] {
    return Object.entries(profile.modulePresets).sort(([a], [b]) => (a < b ? -1 : 1)).map(([instance, presetId]) => {
        const list = presets[instance];
        const isLoaded = list?.loaded === presetId;
        return {
            instance,
            presetId,
            presetName: list?.presets.find((preset) => preset.presetId === presetId)?.name ?? presetId,
            isAbsent: !instances.includes(instance),
            plays: !isLoaded ? "no" : list.changed ? "changed" : "unchanged",
        };
    });
}

/** Whether a profile plays: all its modules in the chain play their presets. */
export function profilePlays(lines: ProfileLine[]): ProfileLine["plays"] {
    const present = lines.filter((line) => !line.isAbsent);
    if (present.length === 0 || present.some((line) => line.plays === "no")) return "no";
    return present.some((line) => line.plays === "changed") ? "changed" : "unchanged";
}
