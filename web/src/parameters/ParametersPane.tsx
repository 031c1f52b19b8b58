// Panels of whatever is selected.

import { useRef } from "react";

import { Button } from "../controls/Button";
import { typeTitle } from "../flow/families";
import { ui, useUI } from "../frame/ui";
import { useNode } from "../node/store";
import { ModulePanel } from "./ModulePanel";
import { SelectedModules, useSelectedModules } from "./selected";
import { useScrollGuard } from "./wheel";
import "./parameters.css";

/** The pane of parameters: of one module, or of several of one type together. */
export function ParametersPane(): JSX.Element {
    const pane = useRef<HTMLDivElement>(null);
    useScrollGuard(pane);
    const groups = useSelectedModules();
    return (
        <div ref={pane} className="parameters-pane">
            <Content groups={groups} />
        </div>
    );
}

function Content({ groups }: { groups: SelectedModules[] }): JSX.Element {
    const hasChain = useNode((state) => state.link !== null);
    if (!hasChain) return <div className="empty"><strong>No chain yet</strong><p>The page waits for the node.</p></div>;
    if (groups.length === 0) return <Nothing />;
    if (groups.length > 1) return <Several groups={groups} />;
    const [modules] = groups;
    if (modules.moduleType === "subgraph") return <SubGraph modules={modules} />;
    return <ModulePanel key={modules.instances.join(" ")} modules={modules} />;
}

function Nothing(): JSX.Element {
    const isEmpty = useUI((state) => state.path.length) === 0;
    return (
        <div className="empty">
            <strong>No module is selected</strong>
            <p>
                Click a module in the signal flow, or go to it with Tab, and its parameters appear here. With Shift you
                select several; those of one type are set together.
            </p>
            {!isEmpty && <Button onClick={() => ui.leaveTo(0)}>Out of the sub-graph</Button>}
        </div>
    );
}

function Several({ groups }: { groups: SelectedModules[] }): JSX.Element {
    return (
        <div className="empty">
            <strong>Modules of different types are selected</strong>
            <p>Modules of one type can be set together. Select only:</p>
            {groups.map((group) => (
                <Button key={group.moduleType} onClick={() => ui.select(group.nodes.map((each) => each.instanceId))}>
                    {group.nodes.length} × {typeTitle(group.moduleType, group.type?.instanceName)}
                </Button>
            ))}
        </div>
    );
}

function SubGraph({ modules }: { modules: SelectedModules }): JSX.Element {
    const [first] = modules.nodes;
    const title = useNode((state) => state.link?.chains[first.subGraphId ?? ""]?.name);
    return (
        <div className="empty">
            <strong>{first.name || title || first.instanceId}</strong>
            <p>A sub-graph has no parameters of its own; the modules in it have.</p>
            <Button kind="primary" onClick={() => ui.enter(first.instanceId)}>Go into it</Button>
        </div>
    );
}
