import { useEffect, useState } from "react";
import { IconButton } from "../controls/Button";
import { MenuButton } from "../controls/Menu";
import { ui, useUI } from "../frame/ui";
import { layOut } from "./arranging";
import { chainAt, titleOf } from "./chain/model";
import type { Drawing } from "./drawing";
import { FlowIcon } from "./FlowIcon";
import { arrangeItems } from "./menus";
import type { Stage } from "./stage";
import { useWorking } from "./working";

export interface FlowBarProps {
    drawing: Drawing;
    stage: Stage;
    /** Opens the box to add a module below what was pressed. */
    onAdd: (at: DOMRect) => void;
}

/** Where the chain shown is, and the flow's tools. */
export function FlowBar({ drawing, stage, onAdd }: FlowBarProps): JSX.Element {
    const showMeters = useUI((state) => state.showMeters);
    const selected = useUI((state) => state.selection.length);
    return (
        <div className="flow-bar">
            <Breadcrumb />
            <div className="flow-tools" role="toolbar" aria-label="Signal flow tools">
                <button
                    type="button"
                    className="button"
                    title="Add a module (A)"
                    onClick={(event) => onAdd(event.currentTarget.getBoundingClientRect())}
                >
                    <FlowIcon name="plus" />
                    Add
                </button>
                <MenuButton
                    label="Align and distribute"
                    className="icon-button"
                    items={arrangeItems(drawing)}
                    disabled={selected < 2}
                >
                    <FlowIcon name="align" />
                </MenuButton>
                <Tool label="Lay out (L)" icon="layout" onClick={() => layOut(drawing)} />
                <Tool label="Show all (F)" icon="fit" onClick={() => stage.fit()} />
                <Tool label="Smaller (−)" icon="minus" onClick={() => stage.zoom(0.8)} />
                <ZoomShown stage={stage} />
                <Tool label="Larger (+)" icon="plus" onClick={() => stage.zoom(1.25)} />
                <button
                    type="button"
                    className="icon-button"
                    aria-label="Levels and load on the modules"
                    title="Levels and load on the modules"
                    aria-pressed={showMeters}
                    onClick={() => ui.meters(!showMeters)}
                >
                    <FlowIcon name="levels" />
                </button>
            </div>
        </div>
    );
}

interface ToolProps {
    label: string;
    icon: "fit" | "plus" | "minus" | "layout";
    onClick: () => void;
}

function Tool({ label, icon, onClick }: ToolProps): JSX.Element {
    return (
        <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
            <FlowIcon name={icon} />
        </button>
    );
}

function ZoomShown({ stage }: { stage: Stage }): JSX.Element {
    const [percent, setPercent] = useState(() => Math.round(stage.view.scale * 100));
    useEffect(() => stage.watch(() => setPercent(Math.round(stage.view.scale * 100))), [stage]);
    return (
        <button
            type="button"
            className="button quiet flow-zoom"
            title="Real size (0)"
            aria-label={`Zoom ${percent} percent; real size`}
            onClick={() => stage.zoom(1 / stage.view.scale)}
        >
            {percent} %
        </button>
    );
}

function Breadcrumb(): JSX.Element {
    const path = useUI((state) => state.path);
    const link = useWorking((state) => state.link);
    const names = path.map((id, depth) => {
        const key = link ? chainAt(link, path.slice(0, depth)) : undefined;
        const node = key === undefined ? undefined : link?.chains[key].nodes.find((each) => each.instanceId === id);
        return link && node ? titleOf(link, node) : id;
    });
    const root = link?.chains[link.rootChainId]?.name || "Chain";
    return (
        <nav className="flow-crumbs" aria-label="Place in the chain">
            {path.length > 0 && (
                <IconButton
                    label="Out of the sub-graph (Backspace)"
                    icon="up"
                    onClick={() => ui.leaveTo(path.length - 1)}
                />
            )}
            <ol>
                {[root, ...names].map((name, depth) => (
                    <li key={depth}>
                        {depth < path.length ? (
                            <button type="button" onClick={() => ui.leaveTo(depth)}>{name}</button>
                        ) : (
                            <span aria-current="location">{name}</span>
                        )}
                    </li>
                ))}
            </ol>
        </nav>
    );
}
