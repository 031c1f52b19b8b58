import { ui } from "../frame/ui";
import { moveModules, selectedModules } from "./actions";
import { drawnAt, isBorder, portPoint } from "./drawing";
import type { Drawing } from "./drawing";
import { aligned, distributed } from "./layout/align";
import type { Alignment, NamedBox } from "./layout/align";
import { layered } from "./layout/layered";
import { listed } from "./naming";
import type { Point } from "./chain/modules";

/** Boxes of the modules selected. */
function selectedBoxes(drawing: Drawing): NamedBox[] {
    return selectedModules().flatMap((id) => {
        const box = drawing.byID.get(id)?.box;
        return box ? [{ ...box, id }] : [];
    });
}

/** Brings the modules selected to a common line. */
export function alignSelected(drawing: Drawing, to: Alignment): void {
    const boxes = selectedBoxes(drawing);
    if (boxes.length > 1) moveModules(aligned(boxes, to), `Align ${listed(boxes.map((box) => box.id))}`);
}

/** Leaves equal room between the modules selected. */
export function distributeSelected(drawing: Drawing, axis: "x" | "y"): void {
    const boxes = selectedBoxes(drawing);
    if (boxes.length > 2) moveModules(distributed(boxes, axis), `Distribute ${listed(boxes.map((box) => box.id))}`);
}

/** Moves the modules selected by so much. */
export function nudgeSelected(drawing: Drawing, by: Point): void {
    const boxes = selectedBoxes(drawing);
    moveModules(new Map(boxes.map((box) => [box.id, { x: box.x + by.x, y: box.y + by.y }])));
}

/** Lays out the modules selected, or all when there are fewer than two, keeping their upper left corner. */
export function layOut(drawing: Drawing): void {
    const selection = ui.getState().selection.filter((id) => !isBorder(id));
    const isPart = selection.length > 1;
    const chosen = drawing.modules.filter(
        (module) => module.kind !== "border" && (!isPart || selection.includes(module.id)),
    );
    if (!chosen.length) return;
    // The chain's own ports are laid out along, so that what they feed stands in their order.
    const taking = new Set(chosen.map((module) => module.id));
    if (!isPart) for (const module of drawing.modules) taking.add(module.id);
    const nodes = drawing.modules
        .filter((module) => taking.has(module.id))
        .map(({ id, box }) => ({ id, width: box.width, height: box.height }));
    const edges = drawing.wires.flatMap((wire) => {
        const from = drawing.byID.get(drawnAt(wire.from, "start"));
        const to = drawing.byID.get(drawnAt(wire.to, "end"));
        const start = from && portPoint(from, wire.from.port, "start");
        const end = to && portPoint(to, wire.to.port, "end");
        if (!from || !to || !start || !end) return [];
        return [{ from: from.id, to: to.id, fromY: start.y - from.box.y, toY: end.y - to.box.y }];
    });
    const places = layered(nodes, edges);
    const left = Math.min(...chosen.map((module) => places.get(module.id)?.x ?? 0));
    const top = Math.min(...chosen.map((module) => places.get(module.id)?.y ?? 0));
    const origin = {
        x: Math.min(...chosen.map((module) => module.box.x)) - left,
        y: Math.min(...chosen.map((module) => module.box.y)) - top,
    };
    const positions = new Map(
        chosen.flatMap((module): [string, Point][] => {
            const place = places.get(module.id);
            return place ? [[module.id, { x: place.x + origin.x, y: place.y + origin.y }]] : [];
        }),
    );
    moveModules(positions, isPart ? "Lay out the modules selected" : "Lay out the chain");
}
