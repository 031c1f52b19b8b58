import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { DragEvent, MouseEvent } from "react";
import { registerKeys, ui, useUI } from "../frame/ui";
import { openModule } from "./actions";
import { add, setMiddle } from "./adding";
import type { Popup } from "./asking";
import { startClipboard } from "./clipboardKeys";
import { drawnAt, portPoint } from "./drawing";
import type { Drawing } from "./drawing";
import { EmptyChain } from "./EmptyChain";
import { flowKeys } from "./flowKeys";
import type { Desk } from "./gestures/gesture";
import { startPointer } from "./gestures/pointer";
import { startSpace } from "./gestures/space";
import { startLevels } from "./levels";
import { chainMenu, moduleMenu, portMenu, wireMenu } from "./menus";
import { Minimap } from "./Minimap";
import { ModuleBox } from "./ModuleBox";
import { spoken, spokenWire } from "./naming";
import { readingOrder } from "./neighbours";
import type { Stage } from "./stage";
import { WireShape } from "./WireShape";

/** What the library's items are dragged as. */
const MODULE_DATA = "application/x-soundpost-module";

export interface FlowViewProps {
    drawing: Drawing;
    stage: Stage;
    open: (popup: Popup) => void;
}

/** The drawing: modules, wires, and everything that is done with them. */
export function FlowView({ drawing, stage, open }: FlowViewProps): JSX.Element {
    const selection = useUI((state) => state.selection);
    const showsLevels = useUI((state) => state.showMeters);
    const [current, setCurrent] = useState<string>();
    const [wire, setWire] = useState<string>();
    const viewport = useRef<HTMLDivElement | null>(null);
    const canvas = useRef<HTMLCanvasElement>(null);
    const reason = useRef<HTMLDivElement>(null);
    const selected = useMemo(() => new Set(selection), [selection]);
    const chosen = drawing.wires.some((each) => each.id === wire) ? wire : undefined;
    const tabStop = [current, ...selection].find((id) => id !== undefined && drawing.byID.has(id));
    const order = useMemo(() => readingOrder(drawing), [drawing]);
    const latest = useRef({ drawing, wire: chosen, tabStop });
    latest.current = { drawing, wire: chosen, tabStop };

    const focus = useCallback(
        (id: string) => {
            setCurrent(id);
            stage.element(id)?.focus({ preventScroll: true });
            stage.reveal(id);
        },
        [stage],
    );
    // A module that is chosen elsewhere, in the navigator perhaps, comes into view.
    const only = selection.length === 1 ? selection[0] : undefined;
    useEffect(() => {
        if (only !== undefined) stage.revealHidden(only);
    }, [only, stage]);
    const focused = useCallback((id: string) => setCurrent(id), []);
    const selectWire = useCallback((id: string | undefined) => {
        setWire(id);
        if (id !== undefined) ui.select([]);
    }, []);

    const openMenu = useCallback(
        (id: string, at?: { x: number; y: number }) => {
            const box = stage.element(id)?.getBoundingClientRect();
            const place = at ?? { x: (box?.left ?? 60) + 24, y: (box?.top ?? 60) + 36 };
            if (!stage.drawing.byID.has(id)) return;
            if (!ui.getState().selection.includes(id)) ui.select([id]);
            setCurrent(id);
            open({
                kind: "menu",
                label: `Menu of ${id}`,
                at: place,
                items: moduleMenu({ drawing: stage.drawing, stage, at: place, open }, id),
            });
        },
        [stage, open],
    );

    useEffect(() => {
        const element = viewport.current;
        if (!element) return undefined;
        const desk: Desk = {
            stage,
            selectWire,
            focus: (id) => {
                setCurrent(id);
                stage.element(id)?.focus({ preventScroll: true });
            },
            addAtWire: (ends, event) => {
                const at = stage.onDrawing(event.clientX, event.clientY);
                open({
                    kind: "add",
                    at: { x: event.clientX, y: event.clientY },
                    target: { kind: "wire", ...ends, at },
                });
            },
            reason: (text, event) => showReason(reason.current, stage, text, event),
        };
        const beside = (id: string | undefined) => {
            const module = id === undefined ? undefined : stage.element(id);
            const box = (module ?? element).getBoundingClientRect();
            return module ? { x: box.left, y: box.bottom + 6 } : { x: box.left + box.width / 2 - 150, y: box.top + 60 };
        };
        const stops = [
            startPointer(element, desk),
            startClipboard(element),
            startSpace(element),
            registerKeys("flow", flowKeys({
                stage,
                drawing: () => latest.current.drawing,
                current: () => latest.current.tabStop,
                focus,
                wire: () => latest.current.wire,
                selectWire,
                open,
                openMenu,
                beside,
            })),
        ];
        setMiddle(() => stage.middle());
        return () => stops.forEach((stop) => stop());
    }, [stage, open, openMenu, focus, selectWire]);

    useEffect(() => {
        if (!showsLevels || !canvas.current) return undefined;
        return startLevels(canvas.current, stage);
    }, [showsLevels, stage]);

    const wires = drawing.wires.flatMap((each) => {
        const from = drawing.byID.get(drawnAt(each.from, "start"));
        const to = drawing.byID.get(drawnAt(each.to, "end"));
        const start = from && portPoint(from, each.from.port, "start");
        const end = to && portPoint(to, each.to.port, "end");
        return start && end ? [{ wire: each, x1: start.x, y1: start.y, x2: end.x, y2: end.y }] : [];
    });
    const shownWire = drawing.wires.find((each) => each.id === chosen);

    return (
        <div
            ref={(element) => {
                viewport.current = element;
                stage.viewport = element;
            }}
            className="flow-view"
            role="group"
            aria-label="Modules and wires: arrow keys follow wires, A adds, C connects, ? shows all keys"
            tabIndex={-1}
            onDoubleClick={(event) => doubleClick(event, stage, open)}
            onContextMenu={(event) => contextMenu(event, stage, open, openMenu, selectWire)}
            onDragOver={(event) => dragOver(event, stage)}
            onDragLeave={() => stage.markWire(undefined)}
            onDrop={(event) => drop(event, stage)}
        >
            <div className="flow-world" ref={(element) => (stage.world = element)}>
                <svg className="flow-wires" aria-hidden="true">
                    {wires.map((each) => (
                        <WireShape key={each.wire.id} {...each} stage={stage} isSelected={each.wire.id === chosen} />
                    ))}
                </svg>
                {order.map((id) => {
                    const module = drawing.byID.get(id);
                    return module && (
                        <ModuleBox
                            key={id}
                            module={module}
                            stage={stage}
                            isSelected={selected.has(id)}
                            isCurrent={id === (tabStop ?? order[0])}
                            showsLevels={showsLevels}
                            spoken={spoken(module, drawing)}
                            onFocus={focused}
                        />
                    );
                })}
                <svg className="flow-wires flow-over" aria-hidden="true">
                    <path
                        className="flow-loose"
                        ref={(element) => (stage.loose = element)}
                        style={{ display: "none" }}
                    />
                    <g className="flow-guides" ref={(element) => (stage.guides = element)} />
                </svg>
            </div>
            {showsLevels && <canvas ref={canvas} className="flow-levels" aria-hidden="true" />}
            <div className="flow-rubber" hidden ref={(element) => (stage.rubber = element)} />
            <div className="flow-reason" hidden ref={reason} />
            <EmptyChain drawing={drawing} open={open} />
            <Minimap stage={stage} />
            <div className="flow-hidden" role="status">
                {shownWire ? `Wire ${spokenWire(shownWire)}` : ""}
            </div>
        </div>
    );
}

function showReason(element: HTMLElement | null, stage: Stage, text: string | null, event?: PointerEvent): void {
    if (!element) return;
    element.hidden = text === null;
    if (text === null || !event) return;
    element.textContent = text;
    const { x, y } = stage.inView(event.clientX, event.clientY);
    const { width } = stage.size();
    element.style.left = `${Math.max(4, Math.min(x + 14, width - 250))}px`;
    element.style.top = `${y + 18}px`;
}

function doubleClick(event: MouseEvent, stage: Stage, open: (popup: Popup) => void): void {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-control]")) return;
    const module = target?.closest<HTMLElement>("[data-module]")?.dataset.module;
    if (module !== undefined) {
        openModule(module);
        return;
    }
    const at = { x: event.clientX, y: event.clientY };
    const wire = target?.closest<SVGElement>("[data-wire]")?.dataset.wire;
    const edge = stage.drawing.wires.find((each) => each.id === wire)?.edge;
    const place = stage.onDrawing(event.clientX, event.clientY);
    open({ kind: "add", at, target: edge === undefined ? { kind: "loose", at: place } : { kind: "edge", edge } });
}

function contextMenu(
    event: MouseEvent,
    stage: Stage,
    open: (popup: Popup) => void,
    openMenu: (id: string, at: { x: number; y: number }) => void,
    selectWire: (id: string | undefined) => void,
): void {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-control]")) return;
    event.preventDefault();
    const at = { x: event.clientX, y: event.clientY };
    const context = { drawing: stage.drawing, stage, at, open };
    const element = target?.closest<HTMLElement>("[data-port]");
    const id = target?.closest<HTMLElement>("[data-module]")?.dataset.module;
    const module = id === undefined ? undefined : stage.drawing.byID.get(id);
    const ports = element?.dataset.role === "start" ? module?.outputs : module?.inputs;
    const port = ports?.find((each) => each.id === element?.dataset.port);
    const wire = target?.closest<SVGElement>("[data-wire]")?.dataset.wire;
    if (module && port) {
        open({ kind: "menu", at, label: `Menu of the port ${port.label}`, items: portMenu(context, module.id, port) });
    } else if (module) {
        openMenu(module.id, at);
    } else if (wire !== undefined) {
        selectWire(wire);
        const edge = stage.drawing.wires.find((each) => each.id === wire)?.edge;
        open({ kind: "menu", at, label: "Menu of the wire", items: wireMenu(context, edge) });
    } else {
        const point = stage.onDrawing(event.clientX, event.clientY);
        open({ kind: "menu", at, label: "Menu of the chain", items: chainMenu(context, point) });
    }
}

function edgeUnder(event: DragEvent, stage: Stage): { wire?: string; edge?: string } {
    const wire = stage.wireAt(event.clientX, event.clientY);
    return { wire, edge: stage.drawing.wires.find((each) => each.id === wire)?.edge };
}

function dragOver(event: DragEvent, stage: Stage): void {
    if (!event.dataTransfer.types.includes(MODULE_DATA)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    const { wire, edge } = edgeUnder(event, stage);
    stage.markWire(edge === undefined ? undefined : wire);
}

function drop(event: DragEvent, stage: Stage): void {
    const type = event.dataTransfer.getData(MODULE_DATA);
    if (!type) return;
    event.preventDefault();
    stage.markWire(undefined);
    const { edge } = edgeUnder(event, stage);
    const point = stage.onDrawing(event.clientX, event.clientY);
    const at = { x: point.x - 75, y: point.y - 30 };
    add(type, edge === undefined ? { kind: "loose", at } : { kind: "edge", edge });
}
