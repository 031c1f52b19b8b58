import { ui } from "../../frame/ui";
import { here, moveModules, shown } from "../actions";
import { place } from "../chain/modules";
import type { Point } from "../chain/modules";
import { insertOnEdge, throughPorts } from "../chain/wires";
import { isBorder } from "../drawing";
import { snap } from "../layout/align";
import type { Box } from "../layout/geometry";
import { propose } from "../working";
import { hasMoved } from "./gesture";
import type { Desk, Gesture } from "./gesture";

/** Moves the modules selected; one that is not wired yet goes into the wire that it is dropped on. */
export class DragGesture implements Gesture {
    private isActive = false;
    private readonly wasSelected: boolean;
    private ids: string[] = [];
    private others: Box[] = [];
    private shift: Point = { x: 0, y: 0 };
    private goal: string | undefined;
    private mayInsert = false;

    constructor(private readonly desk: Desk, private readonly id: string, private readonly start: PointerEvent) {
        const { selection } = ui.getState();
        this.wasSelected = selection.includes(id);
        const isMany = start.shiftKey || start.ctrlKey || start.metaKey;
        if (isMany) ui.select(this.wasSelected ? selection.filter((each) => each !== id) : [...selection, id]);
        else if (!this.wasSelected) ui.select([id]);
        desk.focus(id);
    }

    move(event: PointerEvent): void {
        if (!this.isActive) {
            if (!hasMoved(this.start, event) || isBorder(this.id)) return;
            this.begin();
        }
        const { stage } = this.desk;
        const { scale } = stage.view;
        const pressed = stage.drawing.byID.get(this.id);
        if (!pressed) return;
        const moved = {
            ...pressed.box,
            x: pressed.box.x + (event.clientX - this.start.clientX) / scale,
            y: pressed.box.y + (event.clientY - this.start.clientY) / scale,
        };
        const at = event.altKey ? { ...moved, guides: [] } : snap(moved, this.others, 6 / scale);
        this.shift = { x: at.x - pressed.box.x, y: at.y - pressed.box.y };
        stage.drag(new Map(this.ids.map((id) => [id, this.shift])));
        stage.showGuides(at.guides);
        if (!this.mayInsert) return;
        const wire = stage.wireAt(event.clientX, event.clientY);
        this.goal = stage.drawing.wires.find((each) => each.id === wire)?.edge;
        stage.markWire(this.goal === undefined ? undefined : wire);
    }

    private begin(): void {
        const { selection } = ui.getState();
        if (!selection.includes(this.id)) ui.select([...selection, this.id]);
        this.isActive = true;
        this.ids = ui.getState().selection.filter((id) => !isBorder(id));
        const { stage } = this.desk;
        this.others = stage.drawing.modules.filter((each) => !this.ids.includes(each.id)).map((each) => each.box);
        const at = shown();
        this.mayInsert = this.ids.length === 1 && at !== undefined && throughPorts(at, this.id) !== undefined;
        stage.viewport?.classList.add("dragging");
    }

    end(): void {
        const { stage } = this.desk;
        if (!this.isActive) {
            // A press on one of several without a drag means that one alone.
            const isPlain = !this.start.shiftKey && !this.start.ctrlKey && !this.start.metaKey;
            if (isPlain && this.wasSelected) ui.select([this.id]);
            return;
        }
        const positions = new Map(
            this.ids.flatMap((id): [string, Point][] => {
                const box = stage.drawing.byID.get(id)?.box;
                return box ? [[id, { x: box.x + this.shift.x, y: box.y + this.shift.y }]] : [];
            }),
        );
        const { goal } = this;
        if (goal !== undefined) {
            void propose(
                `Put ${this.id} into a wire`,
                here((at) => {
                    place(at, positions);
                    insertOnEdge(at, goal, this.id);
                }),
            );
        } else if (this.shift.x !== 0 || this.shift.y !== 0) {
            moveModules(positions);
        }
        this.cancel();
    }

    cancel(): void {
        const { stage } = this.desk;
        stage.viewport?.classList.remove("dragging");
        stage.markWire(undefined);
        stage.release();
    }
}
