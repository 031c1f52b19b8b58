// Everything of the selected modules of one type.

import { useState } from "react";

import { Button } from "../controls/Button";
import { ui } from "../frame/ui";
import { useNode } from "../node/store";
import { BandTable } from "./BandTable";
import { groupsOf, isSystem, PanelParameter, ParameterGroup, useParameters } from "./edited";
import { Matrix } from "./Matrix";
import { reasonToLock } from "./modeLock";
import { ModuleHead } from "./ModuleHead";
import { ModuleReadout } from "./ModuleReadout";
import { Rows } from "./Rows";
import { chainEndOf, SelectedModules } from "./selected";
import { useUnits } from "./settings";
import { Strips } from "./Strips";
import { SystemParameters } from "./SystemParameters";
import { UnitBar } from "./UnitBar";
import type { UnitContext } from "./quantity";

/** The panel of one or several modules of a type. */
export function ModulePanel({ modules }: { modules: SelectedModules }): JSX.Element {
    const context = useUnits();
    const mode = useNode((state) => state.mode);
    const parameters = useParameters(modules.type, modules.instances, context.rate);
    const locked = reasonToLock(mode);
    if (!modules.type) {
        return (
            <div className="empty">
                <strong>{modules.nodes[0].name || modules.instances[0]}</strong>
                <p>The node does not know the module type {modules.moduleType}, so there is nothing to set.</p>
            </div>
        );
    }
    const isKnown = parameters.some((parameter) => parameter.extents.every((extent) => extent > 0));
    const tunable = parameters.filter((parameter) => !isSystem(parameter));
    const system = parameters.filter((parameter) => isSystem(parameter) && parameter.schema.name !== "enable");
    const hasDelay = tunable.some((parameter) => parameter.quantity.kind === "delay");
    return (
        <div className="module-panel" data-module-type={modules.moduleType}>
            <ModuleHead modules={modules} parameters={parameters} lock={locked.system} />
            {locked.all && <p className="lock-note" role="note">{locked.all}</p>}
            {hasDelay && <UnitBar />}
            {!isKnown && <p className="lock-note">The node has not told the values of this module yet.</p>}
            {groupsOf(tunable).map((group) => (
                <Group key={group.shape} group={group} modules={modules} context={context}
                    disabled={locked.all !== null} />
            ))}
            <SystemParameters parameters={system} context={context} reason={locked.system} />
            <ModuleReadout instance={modules.instances[0]} rate={context.rate} />
        </div>
    );
}

function Group(
    { group, modules, context, disabled }:
    { group: ParameterGroup; modules: SelectedModules; context: UnitContext; disabled: boolean },
): JSX.Element {
    if (group.shape === "") return <Rows parameters={group.parameters} context={context} disabled={disabled} />;
    if (group.shape === "oi") {
        return (
            <Matrix
                key={modules.instances.join(" ")} group={group} context={context} disabled={disabled}
                outputs={portName(modules, "output")} inputs={portName(modules, "input")}
            />
        );
    }
    if (group.shape.length === 1) return <Strips group={group} context={context} disabled={disabled} />;
    return hasCurve(group.parameters) ? (
        <Bands key={modules.instances.join(" ")} group={group} context={context} disabled={disabled} />
    ) : <BandTable group={group} context={context} disabled={disabled} />;
}

/** Whether bands make a response curve, which has a pane of its own. */
function hasCurve(parameters: PanelParameter[]): boolean {
    const names = parameters.map((parameter) => parameter.schema.name);
    return ["freq", "gainDb", "q"].every((name) => names.includes(name));
}

/** Bands of an equaliser: the curve is the better place, the table is there too. */
function Bands(props: { group: ParameterGroup; context: UnitContext; disabled: boolean }): JSX.Element {
    const [isOpen, setOpen] = useState(false);
    return (
        <section className="curve-bands">
            <p>The bands are drawn as a curve that can be dragged.</p>
            <Button kind="primary" onClick={() => ui.open("eq")}>Open the EQ</Button>
            <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? "Hide all values" : "All values as a table"}
            </Button>
            {isOpen && <BandTable {...props} />}
        </section>
    );
}

/** The label of a module's port; where that is just "In" or "Out", the label of the chain's end that it is wired to. */
function portName(modules: SelectedModules, direction: "input" | "output"): string {
    const [first] = modules.nodes;
    const port = first.ports.find((candidate) => candidate.direction === direction);
    if (!port) return direction === "input" ? "In" : "Out";
    const isPlain = /^(in|out|input|output)?$/i.test(port.label ?? "");
    return (isPlain ? chainEndOf(modules.chain, first.instanceId, port.id) : null) || port.label || port.id;
}
