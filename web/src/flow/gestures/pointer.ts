import { onEscape } from "../../frame/keys";
import { ui } from "../../frame/ui";
import { drawnAt, moduleOf } from "../drawing";
import type { End } from "../chain/model";
import { DragGesture } from "./dragging";
import { hasMoved } from "./gesture";
import type { Desk, Gesture } from "./gesture";
import { PanGesture, PinchGesture } from "./pan";
import { RubberGesture } from "./rubber";
import { WireGesture } from "./wiring";

/** Turns what pointers and the wheel do over the viewport into gestures. Returns how to stop. */
export function startPointer(viewport: HTMLElement, desk: Desk): () => void {
    let gesture: Gesture | null = null;
    let pinch: PinchGesture | null = null;
    let forgetEscape: (() => void) | null = null;
    /** Captured only once it drags, so that clicks and double clicks keep their targets. */
    let pressed: PointerEvent | null = null;
    const touches = new Map<number, PointerEvent>();

    const finish = () => {
        gesture = null;
        pressed = null;
        forgetEscape?.();
        forgetEscape = null;
    };
    const cancel = () => {
        gesture?.cancel();
        finish();
    };
    const down = (event: PointerEvent) => {
        if (event.target instanceof Element && event.target.closest("[data-control]")) return;
        if (event.pointerType === "touch") {
            touches.set(event.pointerId, event);
            const [first, second] = [...touches.values()];
            if (second) {
                cancel();
                pinch = new PinchGesture(desk.stage, first, second);
                return;
            }
        }
        if (gesture || pinch) return;
        gesture = gestureFor(event, desk, viewport);
        if (!gesture) return;
        pressed = event;
        forgetEscape = onEscape(cancel);
        if (event.button === 1) event.preventDefault();
    };
    const move = (event: PointerEvent) => {
        if (pinch?.has(event)) pinch.move(event);
        else if (gesture) {
            if (pressed && hasMoved(pressed, event)) {
                viewport.setPointerCapture(event.pointerId);
                pressed = null;
            }
            gesture.move(event);
        }
    };
    const up = (event: PointerEvent) => {
        touches.delete(event.pointerId);
        if (pinch) {
            if (!touches.size) pinch = null;
            return;
        }
        gesture?.end(event);
        finish();
    };
    const lost = (event: PointerEvent) => {
        touches.delete(event.pointerId);
        if (!touches.size) pinch = null;
        cancel();
    };
    const wheel = (event: WheelEvent) => {
        event.preventDefault();
        // A wheel turns in steps; two fingers on a pad move by any distance and mean the drawing itself.
        const isStep = event.deltaMode !== 0 || (event.deltaX === 0 && Math.abs(event.deltaY) >= 60);
        if (event.ctrlKey || event.metaKey || (isStep && !event.shiftKey)) {
            const amount = event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
            const factor = Math.exp(-amount * (isStep ? 0.0018 : 0.01));
            desk.stage.zoom(factor, desk.stage.inView(event.clientX, event.clientY));
        } else if (event.shiftKey && event.deltaX === 0) {
            desk.stage.pan(-event.deltaY, 0);
        } else {
            desk.stage.pan(-event.deltaX, -event.deltaY);
        }
    };

    viewport.addEventListener("pointerdown", down);
    viewport.addEventListener("pointermove", move);
    viewport.addEventListener("pointerup", up);
    viewport.addEventListener("pointercancel", lost);
    viewport.addEventListener("wheel", wheel, { passive: false });
    return () => {
        cancel();
        viewport.removeEventListener("pointerdown", down);
        viewport.removeEventListener("pointermove", move);
        viewport.removeEventListener("pointerup", up);
        viewport.removeEventListener("pointercancel", lost);
        viewport.removeEventListener("wheel", wheel);
    };
}

function gestureFor(event: PointerEvent, desk: Desk, viewport: HTMLElement): Gesture | null {
    const target = event.target instanceof Element ? event.target : null;
    if (event.button === 1 || (event.button === 0 && viewport.dataset.space === "true")) {
        return new PanGesture(desk.stage, event);
    }
    if (event.button !== 0) return null;
    const handle = target?.closest<SVGElement>("[data-handle]");
    if (handle) return handleGesture(
        event,
        desk,
        handle.dataset.handle === "from" ? "from" : "to",
        handle.dataset.of ?? "",
    );
    const port = target?.closest<HTMLElement>("[data-port]");
    if (port) return portGesture(event, desk, port);
    const module = target?.closest<HTMLElement>("[data-module]")?.dataset.module;
    if (module !== undefined) {
        desk.selectWire(undefined);
        return new DragGesture(desk, module, event);
    }
    const wire = target?.closest<SVGElement>("[data-wire]")?.dataset.wire;
    desk.selectWire(wire);
    if (wire !== undefined) return null;
    if (event.pointerType !== "touch") return new RubberGesture(desk.stage, event);
    ui.select([]);
    return new PanGesture(desk.stage, event);
}

/** From an output a new wire is drawn; from an input that has a wire, that wire's end is taken up. */
function portGesture(event: PointerEvent, desk: Desk, element: HTMLElement): Gesture | null {
    const id = element.dataset.module ?? "";
    const end: End = { module: moduleOf(id), port: element.dataset.port ?? "" };
    desk.focus(id);
    if (element.dataset.role === "start") return WireGesture.begin(desk, event, { from: end }) ?? null;
    const led = desk.stage.drawing.wires.find((wire) => drawnAt(wire.to, "end") === id && wire.to.port === end.port);
    const wire = led?.edge === undefined ? { to: end } : { from: led.from, edge: led.edge };
    return WireGesture.begin(desk, event, wire) ?? null;
}

function handleGesture(event: PointerEvent, desk: Desk, side: "from" | "to", id: string): Gesture | null {
    const wire = desk.stage.drawing.wires.find((each) => each.id === id);
    if (wire?.edge === undefined) return null;
    const fixed = side === "to" ? { from: wire.from } : { to: wire.to };
    return WireGesture.begin(desk, event, { ...fixed, edge: wire.edge }) ?? null;
}
