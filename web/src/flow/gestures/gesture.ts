import type { Stage } from "../stage";

/** What the pointer does from when it is pressed until it is released. */
export interface Gesture {
    move(event: PointerEvent): void;
    end(event: PointerEvent): void;
    cancel(): void;
}

/** What gestures need of the pane. */
export interface Desk {
    stage: Stage;
    /** Opens the box to add a module at the end of a wire that was drawn. */
    addAtWire(ends: WireEnds, event: PointerEvent): void;
    /** Says why something under the pointer cannot be; null takes it away. */
    reason(text: string | null, event?: PointerEvent): void;
    selectWire(id: string | undefined): void;
    focus(id: string): void;
}

/** The end of a drawn wire that is fixed. */
export interface WireEnds {
    from?: { module: string; port: string };
    to?: { module: string; port: string };
}

/** Pixels that a pointer may tremble before it drags. */
export const SLACK = 4;

/** Whether a pointer has moved from where it was pressed. */
export function hasMoved(from: PointerEvent, to: PointerEvent): boolean {
    const slack = from.pointerType === "touch" ? 3 * SLACK : SLACK;
    return Math.hypot(to.clientX - from.clientX, to.clientY - from.clientY) > slack;
}
