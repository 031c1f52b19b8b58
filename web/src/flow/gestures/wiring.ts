import { notify } from "../../frame/ui";
import { connectEnds, disconnectEdges, reconnectEdge, shown } from "../actions";
import { keyOf } from "../chain/local";
import type { End } from "../chain/model";
import type { Point } from "../chain/modules";
import { possibleEnds, possibleStarts, reasonAgainst } from "../chain/wires";
import { drawnAt, moduleOf, portPoint } from "../drawing";
import type { Stage } from "../stage";
import { mayEdit } from "../working";
import { hasMoved } from "./gesture";
import type { Desk, Gesture } from "./gesture";

/** A port on the drawing that a wire could be led to. */
interface Candidate {
    end: End;
    point: Point;
    key: string;
}

/** Pixels of the screen around a port in which a wire catches it. */
const REACH = 26;
/** Time in a picture for finding out which ports fit, ms. */
const BUDGET = 4;

/** Draws a wire from a port, or leads the loose end of one that is there to another port. */
export class WireGesture implements Gesture {
    private readonly fixed: End;
    private readonly seeks: "start" | "end";
    private readonly origin: Point;
    private readonly candidates: Candidate[];
    private readonly possible: Set<string>;
    private readonly reasons = new Map<string, string | undefined>();
    private isActive = false;
    private goal: Candidate | undefined;
    private timer = 0;

    /**
     * - `edge`: the wire whose end is led elsewhere.
     * - `from` or `to`: the end that stays.
     */
    static begin(
        desk: Desk,
        start: PointerEvent,
        wire: { from?: End; to?: End; edge?: string },
    ): WireGesture | undefined {
        const at = shown();
        const fixed = wire.from ?? wire.to;
        if (!at || !fixed || !mayEdit()) return undefined;
        const view = desk.stage.drawing.byID.get(drawnAt(fixed, wire.from ? "start" : "end"));
        const origin = view && portPoint(view, fixed.port, wire.from ? "start" : "end");
        return origin && new WireGesture(desk, start, wire, origin);
    }

    private constructor(
        private readonly desk: Desk,
        private readonly start: PointerEvent,
        private readonly wire: { from?: End; to?: End; edge?: string },
        origin: Point,
    ) {
        this.origin = origin;
        this.seeks = wire.from ? "end" : "start";
        this.fixed = (wire.from ?? wire.to) as End;
        const at = shown();
        this.possible = !at
            ? new Set()
            : this.seeks === "end"
              ? possibleEnds(at, this.fixed)
              : possibleStarts(at, this.fixed);
        this.candidates = candidates(desk.stage, this.seeks);
    }

    move(event: PointerEvent): void {
        const { stage } = this.desk;
        if (!this.isActive) {
            if (!hasMoved(this.start, event)) return;
            this.isActive = true;
            this.mark();
        }
        const pointer = stage.onDrawing(event.clientX, event.clientY);
        this.goal = this.nearest(pointer);
        const reason = this.goal && this.reasonFor(this.goal);
        const end = this.goal && !reason ? this.goal.point : pointer;
        const [from, to] = this.seeks === "end" ? [this.origin, end] : [end, this.origin];
        stage.showLoose({ from, to, state: !this.goal ? "open" : reason ? "no" : "yes" });
        this.desk.reason(reason ?? null, event);
    }

    private nearest(pointer: Point): Candidate | undefined {
        let least = REACH / this.desk.stage.view.scale;
        let found: Candidate | undefined;
        for (const candidate of this.candidates) {
            if (keyOf(candidate.end) === keyOf(this.fixed) && candidate.end.module !== "$io") continue;
            const distance = Math.hypot(candidate.point.x - pointer.x, candidate.point.y - pointer.y);
            if (distance < least) [least, found] = [distance, candidate];
        }
        return found;
    }

    private reasonFor(candidate: Candidate): string | undefined {
        const at = shown();
        if (!this.reasons.has(candidate.key) && at) {
            const [from, to] = this.seeks === "end" ? [this.fixed, candidate.end] : [candidate.end, this.fixed];
            this.reasons.set(candidate.key, reasonAgainst(at, from, to, this.wire.edge));
        }
        return this.reasons.get(candidate.key);
    }

    /**
     * Marks the ports that fit: at once those that make no circle, then, a few a picture, without those of other
     * faults.
     */
    private mark(): void {
        const { viewport } = this.desk.stage;
        viewport?.setAttribute("data-wiring", this.seeks);
        for (const candidate of this.candidates) {
            portElement(
                this.desk.stage,
                candidate,
            )?.classList.add(this.possible.has(candidate.key) ? "fits" : "misfits");
        }
        const left = this.candidates.filter((candidate) => this.possible.has(candidate.key));
        const work = () => {
            const until = performance.now() + BUDGET;
            for (let next = left.pop(); next; next = performance.now() < until ? left.pop() : undefined) {
                const isRight = this.reasonFor(next) === undefined;
                const element = portElement(this.desk.stage, next);
                element?.classList.toggle("fits", isRight);
                element?.classList.toggle("misfits", !isRight);
            }
            this.timer = left.length ? window.setTimeout(work, 16) : 0;
        };
        this.timer = window.setTimeout(work, 16);
    }

    end(event: PointerEvent): void {
        const { goal, wire } = this;
        if (this.isActive) {
            if (goal) this.finish(goal);
            else if (wire.edge !== undefined) void disconnectEdges([wire.edge]);
            else this.desk.addAtWire({ from: wire.from, to: wire.to }, event);
        }
        this.cancel();
    }

    private finish(goal: Candidate): void {
        const reason = this.reasonFor(goal);
        const { edge } = this.wire;
        if (reason) notify("error", reason);
        else if (edge !== undefined) void reconnectEdge(edge, { [this.seeks === "end" ? "to" : "from"]: goal.end });
        else if (this.seeks === "end") void connectEnds(this.fixed, goal.end);
        else void connectEnds(goal.end, this.fixed);
    }

    cancel(): void {
        window.clearTimeout(this.timer);
        const { stage } = this.desk;
        stage.showLoose(null);
        this.desk.reason(null);
        stage.viewport?.removeAttribute("data-wiring");
        for (const element of stage.viewport?.querySelectorAll(".fits, .misfits") ?? []) {
            element.classList.remove("fits", "misfits");
        }
    }
}

function candidates(stage: Stage, role: "start" | "end"): Candidate[] {
    return stage.drawing.modules.flatMap((module) =>
        (role === "start" ? module.outputs : module.inputs).flatMap((port) => {
            const point = portPoint(module, port.id, role);
            const end = { module: moduleOf(module.id), port: port.id };
            return point ? [{ end, point, key: keyOf(end) }] : [];
        }),
    );
}

function portElement(stage: Stage, candidate: Candidate): HTMLElement | null {
    const { end } = candidate;
    for (const id of [drawnAt(end, "start"), drawnAt(end, "end")]) {
        for (const element of stage.element(id)?.querySelectorAll<HTMLElement>("[data-port]") ?? []) {
            const isOnSide = end.module !== "$io" || stage.drawing.byID.get(id)?.kind === "border";
            if (isOnSide && element.dataset.port === end.port && matches(stage, element, candidate)) return element;
        }
    }
    return null;
}

function matches(stage: Stage, element: HTMLElement, { point }: Candidate): boolean {
    const module = stage.drawing.byID.get(element.dataset.module ?? "");
    const role = element.dataset.role === "start" ? "start" : "end";
    const own = module && portPoint(module, element.dataset.port ?? "", role);
    return own?.x === point.x && own.y === point.y;
}
