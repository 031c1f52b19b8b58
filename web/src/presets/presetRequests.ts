// What the panes of presets and profiles ask of the node.

import { notify } from "../frame/ui";
import { node } from "../node/store";
import type { Profile } from "../node/types";

/** Reads the presets of modules whose list is not known yet: of some only what they play is. */
export async function readPresets(instances: string[]): Promise<void> {
    const known = node.getState().presets;
    const unknown = instances.filter((instance) => {
        const list = known[instance];
        return list === undefined || (list.presets.length === 0 && list.loaded !== undefined);
    });
    await Promise.all(unknown.map((instance) => node.ask({ type: "list_presets", instanceId: instance })));
}

/** Keeps the playing values under a name. */
export async function savePreset(instanceId: string, presetId: string, name: string): Promise<void> {
    const answer = await node.ask({ type: "save_preset", instanceId, presetId, name });
    if (answer) notify("info", `${name} was saved for ${instanceId}.`);
}

/** Plays a preset. */
export async function loadPreset(instanceId: string, presetId: string, name: string): Promise<void> {
    const answer = await node.ask({ type: "load_preset", instanceId, presetId });
    if (answer) notify("info", `${instanceId} plays ${name}.`);
}

/** Removes a preset; values stay. */
export async function deletePreset(instanceId: string, presetId: string, name: string): Promise<void> {
    const answer = await node.ask({ type: "delete_preset", instanceId, presetId });
    if (answer) notify("info", `${name} of ${instanceId} was deleted.`);
}

/** Keeps a profile: presets by instance. */
export async function saveProfile(profileId: string, name: string, modulePresets: Record<string,
    string>): Promise<void> {
    const answer = await node.ask({ type: "save_profile", profileId, name, modulePresets });
    if (answer) notify("info", `The profile ${name} was saved.`);
}

/** Plays a profile and names the modules that the chain does not have. */
export async function loadProfile(profile: Profile): Promise<void> {
    const answer = await node.ask<{ absent?: string[] }>({ type: "load_profile", profileId: profile.profileId });
    if (!answer) return;
    const absent = answer.absent ?? [];
    const rest = absent.length > 0 ? ` Not in this chain: ${absent.join(", ")}.` : "";
    notify("info", `The profile ${profile.name} plays.${rest}`);
}

/** Removes a profile; presets and values stay. */
export async function deleteProfile(profile: Profile): Promise<void> {
    const answer = await node.ask({ type: "delete_profile", profileId: profile.profileId });
    if (answer) notify("info", `The profile ${profile.name} was deleted.`);
}
