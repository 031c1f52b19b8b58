// The presets of one module.

import { useState } from "react";

import { Button } from "../controls/Button";
import { Icon } from "../controls/Icon";
import { MenuButton } from "../controls/Menu";
import { useNode } from "../node/store";
import type { Preset } from "../node/types";
import { ConfirmDialog } from "./ConfirmDialog";
import { NameDialog } from "./NameDialog";
import { deletePreset, loadPreset, savePreset } from "./presetRequests";

type Asking = { what: "save" } | { what: "rename"; preset: Preset } | { what: "delete"; preset: Preset };

/** Save, load, rename and delete presets of a module. */
export function PresetBox({ instance }: { instance: string }): JSX.Element {
    const list = useNode((state) => state.presets[instance]);
    const [asking, setAsking] = useState<Asking | null>(null);
    const presets = list?.presets ?? [];
    const loaded = presets.find((preset) => preset.presetId === list?.loaded);
    const changed = list?.changed === true;
    const close = (): void => setAsking(null);
    const others = presets.map((preset) => ({ id: preset.presetId, name: preset.name }));
    return (
        <section className="presets-box" aria-label={`Presets of ${instance}`}>
            <header>
                <h3>Presets of {instance}</h3>
                <span className="presets-actions">
                    <Button
                        disabled={!loaded || !changed}
                        title={loaded ? `Save the playing values as ${loaded.name}`
                            : "No preset is loaded: use Save as"}
                        onClick={() => {
                            if (loaded) void savePreset(instance, loaded.presetId, loaded.name);
                        }}
                    >
                        Save
                    </Button>
                    <Button onClick={() => setAsking({ what: "save" })}>Save as…</Button>
                </span>
            </header>
            {presets.length === 0 ? (
                <p className="presets-none dim">
                    {list ? "None yet. Save as… keeps the playing values under a name." : "The list is being read."}
                </p>
            ) : (
                <ul className="presets-list">
                    {presets.map((preset) => {
                        const isLoaded = preset.presetId === list?.loaded;
                        const canRename = isLoaded && !changed;
                        const hint = isLoaded ? "save the changes first" : "load it first";
                        return (
                            <li key={preset.presetId} className={isLoaded ? "loaded" : undefined}
                                aria-current={isLoaded}>
                                <span className="preset-name" title={preset.presetId}>
                                    {isLoaded && <Icon name="check" size={14} />}
                                    {preset.name}
                                    {isLoaded && changed && <em> (changed)</em>}
                                </span>
                                <Button
                                    aria-label={`Load ${preset.name}`}
                                    disabled={isLoaded && !changed}
                                    onClick={() => void loadPreset(instance, preset.presetId, preset.name)}
                                >
                                    Load
                                </Button>
                                <MenuButton
                                    label={`More for ${preset.name}`}
                                    className="icon-button"
                                    items={[
                                        {
                                            title: canRename ? "Rename…" : `Rename: ${hint}`, icon: "edit",
                                                disabled: !canRename,
                                            run: () => setAsking({ what: "rename", preset }),
                                        },
                                        {
                                            title: "Replace by the playing values", disabled: isLoaded && !changed,
                                            run: () => void savePreset(instance, preset.presetId, preset.name),
                                        },
                                        {
                                            title: "Delete…", icon: "trash", danger: true, separated: true,
                                            run: () => setAsking({ what: "delete", preset }),
                                        },
                                    ]}
                                >
                                    <Icon name="more" />
                                </MenuButton>
                            </li>
                        );
                    })}
                </ul>
            )}
            {asking?.what === "save" && (
                <NameDialog
                    title={`Save the values of ${instance}`} action="Save" name={loaded ? loaded.name : ""}
                    others={others} mayReplace
                    onClose={close} onDone={(name, id) => void savePreset(instance, id, name)}
                />
            )}
            {asking?.what === "rename" && (
                <NameDialog
                    title={`Rename ${asking.preset.name}`} action="Rename" name={asking.preset.name} mayReplace={false}
                    others={others.filter((other) => other.id !== asking.preset.presetId)}
                    onClose={close} onDone={(name) => void savePreset(instance, asking.preset.presetId, name)}
                />
            )}
            {asking?.what === "delete" && (
                <ConfirmDialog
                    title={`Delete ${asking.preset.name}?`} action="Delete" onClose={close}
                    text={`${asking.preset.name} of ${instance} is deleted for good. What plays stays as it is.`}
                    onDone={() => void deletePreset(instance, asking.preset.presetId, asking.preset.name)}
                />
            )}
        </section>
    );
}
