import type { Stage } from "../stage";
import type { Gesture } from "./gesture";

/** Moves the view with the pointer. */
export class PanGesture implements Gesture {
    private last: PointerEvent;

    constructor(private readonly stage: Stage, start: PointerEvent) {
        this.last = start;
        stage.viewport?.classList.add("panning");
    }

    move(event: PointerEvent): void {
        this.stage.pan(event.clientX - this.last.clientX, event.clientY - this.last.clientY);
        this.last = event;
    }

    end(): void {
        this.stage.viewport?.classList.remove("panning");
    }

    cancel(): void {
        this.end();
    }
}

/** Two fingers: the drawing follows both, their distance is the zoom. */
export class PinchGesture {
    private readonly points = new Map<number, PointerEvent>();

    constructor(private readonly stage: Stage, first: PointerEvent, second: PointerEvent) {
        this.points.set(first.pointerId, first).set(second.pointerId, second);
    }

    has(event: PointerEvent): boolean {
        return this.points.has(event.pointerId);
    }

    move(event: PointerEvent): void {
        const before = this.middle();
        this.points.set(event.pointerId, event);
        const after = this.middle();
        this.stage.pan(after.x - before.x, after.y - before.y);
        if (before.spread > 8) this.stage.zoom(after.spread / before.spread, this.stage.inView(after.x, after.y));
    }

    private middle(): { x: number; y: number; spread: number } {
        const [a, b] = [...this.points.values()];
        return {
            x: (a.clientX + b.clientX) / 2,
            y: (a.clientY + b.clientY) / 2,
            spread: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
        };
    }
}
