import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { ui, useUI } from "../frame/ui";
import { useNode } from "../node/store";
import { usualTarget } from "./adding";
import type { Popup } from "./asking";
import { FaultBanner, ModeBanner } from "./Banners";
import { chainAt } from "./chain/model";
import { draw } from "./drawing";
import type { Drawing } from "./drawing";
import { FlowBar } from "./FlowBar";
import { FlowView } from "./FlowView";
import { Popups } from "./Popups";
import { Stage } from "./stage";
import { useWorking } from "./working";
import "./flow.css";
import "./flow-parts.css";

/** The signal flow: the chain as a drawing that is the chain's editor too. */
export function FlowPane(): JSX.Element {
    const stage = useMemo(() => new Stage(), []);
    const drawing = useDrawing();
    const [popup, setPopup] = useState<Popup | null>(null);
    const close = useCallback(() => setPopup(null), []);
    useView(stage, drawing);
    const path = drawing?.path.join(".");
    useEffect(() => setPopup(null), [path]);
    return (
        <div className="flow">
            {drawing ? (
                <>
                    <FlowBar
                        drawing={drawing}
                        stage={stage}
                        onAdd={(box) => setPopup({
                            kind: "add",
                            at: { x: box.left, y: box.bottom + 4 },
                            target: usualTarget(),
                        })}
                    />
                    <ModeBanner />
                    <FaultBanner />
                    <FlowView drawing={drawing} stage={stage} open={setPopup} />
                    {popup && <Popups key={popupKey(popup)} popup={popup} drawing={drawing} onClose={close} />}
                </>
            ) : (
                <div className="flow-empty"><p>The chain appears here as soon as the node is connected.</p></div>
            )}
        </div>
    );
}

function popupKey(popup: Popup): string {
    return `${popup.kind} ${popup.at.x} ${popup.at.y}`;
}

/** The drawing of the chain that the page shows. Leaves sub-graphs and selections that are gone. */
function useDrawing(): Drawing | null {
    const { link, inspection, library, faults } = useWorking(({ link, inspection, library, faults }) => ({
        link, inspection, library, faults,
    }));
    const {
        path,
        selection,
        showMeters,
    } = useUI(({ path, selection, showMeters }) => ({ path, selection, showMeters }));
    const cores = useNode((state) => state.cores.assignments);
    const before = useRef<Drawing>();
    const key = link ? chainAt(link, path) : undefined;
    const drawing = useMemo(() => {
        if (!link || !inspection || key === undefined) return null;
        const subject = { link, library, inspection, faults, key, path, cores, showsLevels: showMeters };
        return (before.current = draw(subject, before.current));
    }, [link, inspection, library, faults, key, path, cores, showMeters]);
    useEffect(() => {
        if (!link) return;
        let depth = path.length;
        while (depth > 0 && chainAt(link, path.slice(0, depth)) === undefined) depth -= 1;
        if (depth < path.length) ui.goTo(path.slice(0, depth), []);
    }, [link, path]);
    useEffect(() => {
        if (!drawing) return;
        const present = selection.filter((id) => drawing.byID.has(id));
        if (present.length < selection.length) ui.select(present);
    }, [drawing, selection]);
    return drawing;
}

/** Shows a chain whole when it is entered, and where it was left when it is come back to. */
function useView(stage: Stage, drawing: Drawing | null): void {
    const views = useRef(new Map<string, Stage["view"]>());
    const shown = useRef<string>();
    useLayoutEffect(() => {
        if (!drawing) return;
        stage.show(drawing);
        const place = drawing.path.join(".");
        if (shown.current === place) return;
        if (shown.current !== undefined) views.current.set(shown.current, stage.view);
        shown.current = place;
        const before = views.current.get(place);
        if (before) stage.setView(before);
        else stage.begin();
    }, [stage, drawing]);
    useEffect(() => {
        const element = stage.viewport;
        if (!element) return undefined;
        // Where the pane had no size yet, the chain is shown whole as soon as it has one.
        let width = element.clientWidth;
        const observer = new ResizeObserver(() => {
            if (width === 0 && element.clientWidth > 0) stage.begin();
            width = element.clientWidth;
            stage.setView(stage.view);
        });
        observer.observe(element);
        return () => observer.disconnect();
    }, [stage, drawing === null]);
}
