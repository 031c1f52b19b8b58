// Makes a profile from the presets that modules have loaded.

import { useEffect, useState } from "react";

import { useNode } from "../node/store";
import type { Profile } from "../node/types";
import { NameDialog } from "./NameDialog";
import { readPresets, saveProfile } from "./presetRequests";
import { allInstances } from "./profileState";

/** Asks for a name and for the modules that belong to it. */
export function ProfileDialog({ profiles, onClose }: { profiles: Profile[]; onClose: () => void }): JSX.Element {
    const link = useNode((state) => state.link);
    const presets = useNode((state) => state.presets);
    const [left, setLeft] = useState<string[]>([]);
    const [isRead, setRead] = useState(false);
    const instances = allInstances(link);
    const all = instances.join(" ");
    useEffect(() => {
        let isHere = true;
        void readPresets(all === "" ? [] : all.split(" ")).then(() => {
            if (isHere) setRead(true);
        });
        return () => {
            isHere = false;
        };
    }, [all]);
    const loaded = instances.flatMap((instance) => {
        const list = presets[instance];
        const preset = list?.presets.find((known) => known.presetId === list.loaded);
        return preset ? [{ instance, preset, changed: list.changed === true }] : [];
    });
    const chosen = loaded.filter(({ instance }) => !left.includes(instance));
    const save = (name: string, id: string): void => {
        void saveProfile(id, name,
            Object.fromEntries(chosen.map(({ instance, preset }) => [instance, preset.presetId])));
    };
    return (
        <NameDialog
            title="Make a profile" action="Save" name="" mayReplace isReady={chosen.length > 0} onClose={onClose}
            onDone={save}
            others={profiles.map((profile) => ({ id: profile.profileId, name: profile.name }))}
        >
            {loaded.length === 0 ? (
                <p className="dim">
                    {isRead ? "No module plays a preset. Save or load presets first: a profile keeps them together."
                        : "The presets are being read."}
                </p>
            ) : (
                <fieldset className="profile-choice">
                    <legend>Presets in it</legend>
                    {loaded.map(({ instance, preset, changed }) => (
                        <label key={instance}>
                            <input
                                type="checkbox" checked={!left.includes(instance)}
                                onChange={(event) => setLeft(event.target.checked
                                    ? left.filter((other) => other !== instance) : [...left, instance])}
                            />
                            <span>{instance}: {preset.name}</span>
                            {changed && <em>(changed: the preset as it was saved is kept)</em>}
                        </label>
                    ))}
                </fieldset>
            )}
        </NameDialog>
    );
}
