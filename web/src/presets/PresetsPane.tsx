// Presets of the selected module, their differences, morphing, and profiles of the whole chain.

import { useEffect, useId, useState } from "react";

import { node, useNode } from "../node/store";
import { useSelectedModules } from "../parameters/selected";
import { DiffTable } from "./DiffTable";
import { Morph } from "./Morph";
import { PresetBox } from "./PresetBox";
import { ProfileBox } from "./ProfileBox";
import "./presets.css";

/** The pane of presets and profiles. */
export function PresetsPane(): JSX.Element {
    const groups = useSelectedModules();
    const isOpen = useNode((state) => state.connection === "open");
    const instances = groups.filter((group) => group.moduleType !== "subgraph").flatMap((group) => group.instances);
    const [chosen, setChosen] = useState<string | null>(null);
    const instance = chosen !== null && instances.includes(chosen) ? chosen : instances[0];
    const moduleId = useId();

    useEffect(() => {
        if (isOpen && instance !== undefined) void node.ask({ type: "list_presets", instanceId: instance });
    }, [instance, isOpen]);

    return (
        <div className="presets-pane">
            {instance === undefined ? (
                <div className="empty presets-empty">
                    <strong>No module is selected</strong>
                    <p>Select a module in the signal flow to save its values as a preset, or to load one.</p>
                </div>
            ) : (
                <>
                    {instances.length > 1 && (
                        <p className="presets-module">
                            <label htmlFor={moduleId}>Presets of</label>
                            <select id={moduleId} value={instance} onChange={(event) => setChosen(event.target.value)}>
                                {instances.map((each) => <option key={each} value={each}>{each}</option>)}
                            </select>
                        </p>
                    )}
                    <PresetBox key={`presets ${instance}`} instance={instance} />
                    <DiffTable key={`differences ${instance}`} instance={instance} />
                    <Morph key={`morph ${instance}`} instance={instance} />
                </>
            )}
            <ProfileBox />
        </div>
    );
}
