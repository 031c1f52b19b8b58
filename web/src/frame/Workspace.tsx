// The panes around the flow.
import { useEffect } from "react";
import { IconButton } from "../controls/Button";
import { Tabs } from "../controls/Tabs";
import { chainInside } from "../flow/chain/model";
import { useNode } from "../node/store";
import { Side, tabs } from "./layout";
import { useRefusal } from "./navigator/refusal";
import { PaneHost } from "./PaneHost";
import { CentrePane, paneComponents } from "./panes";
import { Splitter } from "./Splitter";
import { ui, useUI } from "./ui";
import "./workspace.css";

/** Below this width of the window, in pixels, side panes lie over the flow. */
const narrowWidth = 900;
const titles: Record<Side, string> = { left: "Library and navigator", right: "Module", bottom: "Tools" };

function SidePane({ side }: { side: Side }): JSX.Element | null {
    const { open, size, large, tab } = useUI((state) => state.panes[side]);
    const faults = useRefusal().length;
    const narrow = useUI((state) => state.narrow);
    if (!open) return null;
    const Pane = paneComponents[tab];
    const badge = side === "left" && faults > 0 ? <span className="badge">{faults}</span> : undefined;
    const shown = tabs[side].map((entry) => (entry.id === "navigator" ? { ...entry, badge } : entry));
    return (
        <section
            id={`side-${side}`}
            className={`side side-${side}${large && !(narrow && side === "right") ? " large" : ""}`}
            aria-label={titles[side]}
            style={large ? undefined : { flexBasis: size }}
        >
            <Tabs label={titles[side]} tabs={shown} selected={tab} onSelect={(id) => ui.open(id)} prefix={side}>
                <div className="side-actions">
                    {(side === "bottom" || (side === "right" && !narrow)) && (
                        <IconButton
                            label={large ? "Make smaller" : "Make larger"}
                            icon={side === "bottom" ? (large ? "down" : "up") : large ? "right" : "left"}
                            onClick={() => ui.enlarge(side, !large)}
                        />
                    )}
                    <IconButton label={`Hide ${titles[side].toLowerCase()}`} icon="close" onClick={() => ui.show(side, false)} />
                </div>
            </Tabs>
            <div className="side-body" role="tabpanel" id={`${side}-panel-${tab}`} aria-labelledby={`${side}-tab-${tab}`}>
                <h2 className="hidden-text">{shown.find((entry) => entry.id === tab)?.title}</h2>
                <PaneHost id={tab}>
                    <Pane />
                </PaneHost>
            </div>
        </section>
    );
}

/** Shows what a selection is worked on with: the curve for an equaliser, values for everything else. */
function useTabOfSelection(): void {
    const isEQ = useSelectedType() === "common_eq_v1";
    useEffect(() => {
        const { tab } = ui.getState().panes.right;
        if (isEQ && tab === "parameters") ui.turnTo("eq");
        else if (!isEQ && tab === "eq") ui.turnTo("parameters");
    }, [isEQ]);
}

/** Module type of the one module that is selected. */
function useSelectedType(): string | undefined {
    const selection = useUI((state) => state.selection);
    const path = useUI((state) => state.path);
    return useNode((state) => {
        if (selection.length !== 1) return undefined;
        const nodes = chainInside(state.link, path)?.nodes;
        return nodes?.find((candidate) => candidate.instanceId === selection[0])?.moduleType;
    });
}

function useNarrow(): boolean {
    useEffect(() => {
        const query = matchMedia(`(max-width: ${narrowWidth}px)`);
        const follow = (): void => ui.setNarrow(query.matches);
        follow();
        query.addEventListener("change", follow);
        return () => query.removeEventListener("change", follow);
    }, []);
    return useUI((state) => state.narrow);
}

export function Workspace(): JSX.Element {
    const panes = useUI((state) => state.panes);
    const narrow = useNarrow();
    useTabOfSelection();
    const isCovered = panes.bottom.open && panes.bottom.large;
    return (
        <main className={narrow ? "workspace narrow" : "workspace"}>
            <div className={isCovered ? "upper covered" : "upper"}>
                <SidePane side="left" />
                {panes.left.open && !narrow && <Splitter side="left" />}
                <section className="centre" aria-label="Signal flow">
                    <PaneHost id="flow">
                        <CentrePane />
                    </PaneHost>
                </section>
                {narrow && (panes.left.open || panes.right.open) && (
                    <div
                        className="narrow-veil"
                        onPointerDown={() => {
                            ui.show("left", false);
                            ui.show("right", false);
                        }}
                    />
                )}
                {panes.right.open && !narrow && <Splitter side="right" />}
                <SidePane side="right" />
            </div>
            {panes.bottom.open && <Splitter side="bottom" />}
            <SidePane side="bottom" />
        </main>
    );
}
