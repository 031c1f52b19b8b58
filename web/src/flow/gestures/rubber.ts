import { ui } from "../../frame/ui";
import { boxBetween, overlaps, toDrawing } from "../layout/geometry";
import type { Stage } from "../stage";
import { hasMoved } from "./gesture";
import type { Gesture } from "./gesture";

/** Selects the modules that the pointer draws a box over; with Shift or Ctrl in addition to those selected. */
export class RubberGesture implements Gesture {
    private readonly kept: string[];
    private isActive = false;

    constructor(private readonly stage: Stage, private readonly start: PointerEvent) {
        const adds = start.shiftKey || start.ctrlKey || start.metaKey;
        this.kept = adds ? ui.getState().selection : [];
        if (!adds) ui.select([]);
    }

    move(event: PointerEvent): void {
        this.isActive ||= hasMoved(this.start, event);
        if (!this.isActive) return;
        const { stage } = this;
        const band = boxBetween(
            stage.inView(this.start.clientX, this.start.clientY),
            stage.inView(event.clientX, event.clientY),
        );
        stage.showRubber(band);
        const corner = toDrawing(stage.view, band);
        const { scale } = stage.view;
        const box = { ...corner, width: band.width / scale, height: band.height / scale };
        const within = stage.drawing.modules.filter((module) => module.kind !== "border" && overlaps(module.box, box));
        ui.select([...new Set([...this.kept, ...within.map((module) => module.id)])]);
    }

    end(): void {
        this.stage.showRubber(null);
    }

    cancel(): void {
        this.stage.showRubber(null);
        ui.select(this.kept);
    }
}
