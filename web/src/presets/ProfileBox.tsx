// Profiles: one preset for each of some modules, under a name.

import { useEffect, useState } from "react";

import { Button } from "../controls/Button";
import { Icon } from "../controls/Icon";
import { MenuButton } from "../controls/Menu";
import { useNode } from "../node/store";
import type { Profile } from "../node/types";
import { ConfirmDialog } from "./ConfirmDialog";
import { NameDialog } from "./NameDialog";
import { deleteProfile, loadProfile, readPresets, saveProfile } from "./presetRequests";
import { allInstances, ProfileLine, profileLines, profilePlays } from "./profileState";
import { ProfileDialog } from "./ProfileDialog";

type Asking = { what: "make" } | { what: "rename" | "delete"; profile: Profile };

/** Make, load, rename and delete profiles. */
export function ProfileBox(): JSX.Element {
    const profiles = useNode((state) => state.profiles);
    const [asking, setAsking] = useState<Asking | null>(null);
    const close = (): void => setAsking(null);
    const named = profiles.map((profile) => ({ id: profile.profileId, name: profile.name }));
    return (
        <section className="presets-box" aria-label="Profiles">
            <header>
                <h3>Profiles of the chain</h3>
                <span className="presets-actions">
                    <Button onClick={() => setAsking({ what: "make" })}>Make profile…</Button>
                </span>
            </header>
            {profiles.length === 0 ? (
                <p className="presets-none dim">None yet. A profile keeps which preset each module plays.</p>
            ) : (
                <ul className="presets-list">
                    {profiles.map((profile) => (
                        <ProfileRow
                            key={profile.profileId} profile={profile}
                            onRename={() => setAsking({ what: "rename", profile })}
                            onDelete={() => setAsking({ what: "delete", profile })}
                        />
                    ))}
                </ul>
            )}
            {asking?.what === "make" && <ProfileDialog profiles={profiles} onClose={close} />}
            {asking?.what === "rename" && (
                <NameDialog
                    title={`Rename ${asking.profile.name}`} action="Rename" name={asking.profile.name}
                    mayReplace={false}
                    others={named.filter((other) => other.id !== asking.profile.profileId)} onClose={close}
                    onDone={(name) => void saveProfile(asking.profile.profileId, name, asking.profile.modulePresets)}
                />
            )}
            {asking?.what === "delete" && (
                <ConfirmDialog
                    title={`Delete ${asking.profile.name}?`} action="Delete" onClose={close}
                    text={`The profile ${asking.profile.name} is deleted for good. Its presets and what plays stay.`}
                    onDone={() => void deleteProfile(asking.profile)}
                />
            )}
        </section>
    );
}

const playText: Record<ProfileLine["plays"], string> = { no: "", changed: "plays (changed)", unchanged: "plays" };

function ProfileRow(
    { profile, onRename, onDelete }: { profile: Profile; onRename: () => void; onDelete: () => void },
): JSX.Element {
    const [isOpen, setOpen] = useState(false);
    const link = useNode((state) => state.link);
    const presets = useNode((state) => state.presets);
    const isConnected = useNode((state) => state.connection === "open");
    const instances = allInstances(link);
    const lines = profileLines(profile, instances, presets);
    const plays = profilePlays(lines);
    const present = lines.filter((line) => !line.isAbsent).map((line) => line.instance).join(" ");
    useEffect(() => {
        if (isConnected && present !== "") void readPresets(present.split(" "));
    }, [present, isConnected]);
    const absent = lines.length - (present === "" ? 0 : present.split(" ").length);
    return (
        <li className={plays === "no" ? undefined : "loaded"} aria-current={plays !== "no"}>
            <span className="preset-name" title={profile.profileId}>
                {plays !== "no" && <Icon name="check" size={14} />}
                {profile.name}
                {plays === "changed" && <em> (changed)</em>}
            </span>
            <Button
                kind="quiet" aria-expanded={isOpen} aria-label={`Contents of ${profile.name}`}
                onClick={() => setOpen(!isOpen)}
            >
                {lines.length} module{lines.length === 1 ? "" : "s"}{absent > 0 ? `, ${absent} absent` : ""}
            </Button>
            <Button aria-label={`Load ${profile.name}`} onClick={() => void loadProfile(profile)}>Load</Button>
            <MenuButton
                label={`More for ${profile.name}`} className="icon-button"
                items={[
                    { title: "Rename…", icon: "edit", run: onRename },
                    { title: "Delete…", icon: "trash", danger: true, separated: true, run: onDelete },
                ]}
            >
                <Icon name="more" />
            </MenuButton>
            {isOpen && (
                <ul className="profile-contents">
                    {lines.length === 0 && <li>It has no modules.</li>}
                    {lines.map((line) => (
                        <li key={line.instance} className={line.isAbsent ? "absent" : undefined}>
                            <span>{line.instance}</span>
                            <span>{line.presetName}</span>
                            <span>{line.isAbsent ? "not in this chain" : playText[line.plays]}</span>
                        </li>
                    ))}
                </ul>
            )}
        </li>
    );
}
