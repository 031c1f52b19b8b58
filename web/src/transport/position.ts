import type { TransportStatus } from "../node/types";

/** What of a status the position depends on. */
export type Played = Pick<
    TransportStatus, "running" | "seekable" | "playing" | "loop" | "positionMs" | "durationMs" | "ended"
>;

/**
 * Where a source is `elapsedMs` after its status was made: it goes on while it plays, starts again at its end when it
 * loops, and stays at the end when it does not. Milliseconds.
 */
export function positionAfter(status: Played, elapsedMs: number): number {
    const isMoving = status.running && status.playing && !status.ended;
    const position = status.positionMs + (isMoving ? Math.max(0, elapsedMs) : 0);
    if (status.durationMs <= 0) return position;
    if (position < status.durationMs) return position;
    return status.loop && isMoving ? position % status.durationMs : status.durationMs;
}

/** What a step of the keyboard on the seek bar does to a position; milliseconds. Undefined for other keys. */
export function seekStep(key: string, positionMs: number, durationMs: number, fine: boolean): number | undefined {
    const small = fine ? 1000 : 5000;
    const steps: Record<string, number> = {
        ArrowLeft: -small, ArrowDown: -small, ArrowRight: small, ArrowUp: small, PageUp: 30_000, PageDown: -30_000,
    };
    if (key === "Home") return 0;
    if (key === "End") return Math.max(0, durationMs - 1000);
    const step = steps[key];
    return step === undefined ? undefined : Math.min(Math.max(0, positionMs + step), Math.max(0, durationMs - 100));
}
