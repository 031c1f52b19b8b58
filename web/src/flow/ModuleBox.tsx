import { memo, useCallback } from "react";
import { Icon } from "../controls/Icon";
import { ui } from "../frame/ui";
import { openModule, toggleEnabled } from "./actions";
import type { ModuleView } from "./drawing";
import { FAMILY_COLOURS } from "./families";
import { PortRow } from "./PortRow";
import { placeOf } from "./stage";
import type { Stage } from "./stage";

export interface ModuleBoxProps {
    module: ModuleView;
    stage: Stage;
    isSelected: boolean;
    /** Whether Tab leads to it. */
    isCurrent: boolean;
    showsLevels: boolean;
    spoken: string;
    onFocus: (id: string) => void;
}

/** A module, or a column of the chain's own ports. Drawn again only when something of it has changed. */
export const ModuleBox = memo(function ModuleBox(props: ModuleBoxProps): JSX.Element {
    const { module, stage, isSelected, isCurrent, showsLevels, spoken, onFocus } = props;
    const { id, box, kind } = module;
    const register = useCallback((element: HTMLElement | null) => stage.register(id, element), [stage, id]);
    const colour = module.family === "io" ? "--port-io" : FAMILY_COLOURS[module.family];
    const isFaulty = module.faults.length > 0 || module.faultsInside > 0;
    const isSource = !module.inputs.length;
    const classes = [
        "flow-module",
        kind,
        isSource ? "source" : "",
        module.enabled ? "" : "bypassed",
        isSelected ? "selected" : "",
        isFaulty ? "faulty" : "",
    ];
    return (
        <div
            ref={register}
            className={classes.join(" ")}
            style={{
                width: box.width,
                height: box.height,
                transform: placeOf(box),
                ["--family" as string]: `var(${colour})`,
            }}
            data-module={id}
            role="button"
            aria-roledescription={kind === "group" ? "sub-graph" : kind === "border" ? "ports of the chain" : "module"}
            aria-label={spoken}
            aria-pressed={isSelected}
            tabIndex={isCurrent ? 0 : -1}
            onKeyDown={(event) => {
                if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
                if (event.key === "Enter" && kind !== "border") openModule(id);
                else if (event.key === " ") ui.select([id]);
                else return;
                event.preventDefault();
            }}
            onFocus={(event) => {
                if (event.target === event.currentTarget) onFocus(id);
            }}
        >
            <div className="flow-head">
                <div className="flow-names">
                    <span className="flow-title" title={module.title}>{module.title}</span>
                    {kind !== "border" && <span className="flow-type">{subtitle(module)}</span>}
                </div>
                {isFaulty && <i className="flow-mark" title={faultText(module)}>!</i>}
                {kind !== "border" && (
                    // For the pointer; the keyboard has E, screen readers the menu.
                    <span
                        className="flow-power"
                        data-control="power"
                        aria-hidden="true"
                        title={module.enabled ? "Bypass (E)" : "Enable (E)"}
                        onClick={() => toggleEnabled([id])}
                    >
                        <Icon name="power" size={14} />
                    </span>
                )}
            </div>
            <div className="flow-ports">
                <div>{module.inputs.map((port) => <PortRow key={port.id} module={id} port={port} />)}</div>
                <div>{module.outputs.map((port) => <PortRow key={port.id} module={id} port={port} />)}</div>
            </div>
            {showsLevels && kind !== "border" && (
                <div className="flow-strip">
                    <span className="flow-load" />
                </div>
            )}
        </div>
    );
});

function subtitle(module: ModuleView): string {
    if (module.kind === "group") return `${module.id} · ${module.inside} ${module.inside === 1 ? "module" : "modules"}`;
    return module.title === module.id ? module.type : `${module.type} · ${module.id}`;
}

function faultText(module: ModuleView): string {
    const inside = module.faultsInside ? `${module.faultsInside} faults inside.` : "";
    return [...module.faults, inside].join(" ").trim();
}
