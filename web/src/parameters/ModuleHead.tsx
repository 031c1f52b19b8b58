// Name of the modules, on or bypassed, and what can be done with all their values.

import { useEffect } from "react";

import { MenuButton } from "../controls/Menu";
import { Icon } from "../controls/Icon";
import { typeTitle } from "../flow/families";
import { node, useNode, useValue } from "../node/store";
import type { LinkConfig } from "../node/types";
import { readPresets } from "../presets/presetRequests";
import type { PanelParameter } from "./edited";
import { copyModule, pasteModule, resetModules } from "./moduleActions";
import type { SelectedModules } from "./selected";

/** Heading of a module's panel. */
export function ModuleHead(
    { modules, parameters, lock }: { modules: SelectedModules; parameters: PanelParameter[]; lock: string | null },
): JSX.Element {
    const [first] = modules.instances;
    const [shown] = modules.nodes;
    const enable = useValue(first, "enable");
    const playing = useNode((state) => state.presets[first]);
    const isOpen = useNode((state) => state.connection === "open");
    useEffect(() => {
        if (isOpen) void readPresets([first]);
    }, [first, isOpen]);
    const count = modules.instances.length;
    const isOn = shown.enabled && enable !== "false";
    const preset = playing?.loaded === undefined
        ? undefined : playing.presets.find((known) => known.presetId === playing.loaded)?.name ?? playing.loaded;
    const type = typeTitle(modules.moduleType, modules.type?.instanceName);
    const title = count === 1 ? shown.name || shown.instanceId : `${count} × ${type}`;
    return (
        <header className="module-head">
            <div className="module-names">
                <h2>{title}</h2>
                <p className="dim">
                    {count === 1
                        ? `${shown.name ? `${shown.instanceId} · ` : ""}${type}`
                        : modules.nodes.map((each) => each.name || each.instanceId).join(", ")}
                    {count === 1 && preset !== undefined && ` · ${preset}${playing?.changed ? " (changed)" : ""}`}
                </p>
            </div>
            <button
                type="button"
                className="parameter-toggle module-enable"
                data-name="enable"
                aria-pressed={isOn}
                aria-label={isOn ? "Module is on" : "Module is bypassed"}
                title={lock ?? (isOn ? "Bypass the module" : "Switch the module on")}
                disabled={lock !== null || enable === undefined}
                onClick={() => switchModules(modules, !isOn)}
            >
                {isOn ? "On" : "Bypassed"}
            </button>
            <MenuButton
                label="Values of the module" className="icon-button"
                items={[
                    { title: "Copy all values", icon: "copy", run: () => copyModule(modules) },
                    { title: "Paste all values", run: () => void pasteModule(modules, parameters, lock !== null) },
                    {
                        title: "Reset to defaults", icon: "undo", separated: true,
                        run: () => resetModules(modules, parameters),
                    },
                ]}
            >
                <Icon name="more" />
            </MenuButton>
        </header>
    );
}

/** Switches modules on or off; one that the chain has switched off is switched on there too. */
function switchModules(modules: SelectedModules, on: boolean): void {
    for (const instance of modules.instances) node.set(instance, "enable", on);
    const off = modules.nodes.filter((each) => !each.enabled).map((each) => each.instanceId);
    if (!on || off.length === 0) return;
    const change = (link: LinkConfig): void => {
        for (const each of link.chains[modules.chain.id].nodes) {
            if (off.includes(each.instanceId)) each.enabled = true;
        }
    };
    void node.edit({ title: `Switch ${off.join(", ")} on`, change });
}
