import type { KeyAction } from "../frame/keys";
import { ui } from "../frame/ui";
import { deleteModules, disconnectEdges, dissolveGroup, openModule, selectedModules, toggleEnabled } from "./actions";
import { usualTarget } from "./adding";
import { layOut, nudgeSelected } from "./arranging";
import type { Popup } from "./asking";
import type { Point } from "./chain/modules";
import { duplicateSelected } from "./clipboardKeys";
import { wiresAt } from "./connecting";
import type { Drawing } from "./drawing";
import { GRID } from "./layout/geometry";
import { grouping, renaming } from "./menus";
import { neighbour } from "./neighbours";
import type { Direction } from "./neighbours";
import type { Stage } from "./stage";
import { undoWaiting } from "./working";

/** What keys need of the pane. */
export interface KeyContext {
    stage: Stage;
    drawing: () => Drawing;
    /** The module that has the focus, or would get it. */
    current: () => string | undefined;
    focus: (id: string) => void;
    wire: () => string | undefined;
    selectWire: (id: string | undefined) => void;
    open: (popup: Popup) => void;
    openMenu: (id: string) => void;
    /** Where boxes appear that belong to a module, in the window. */
    beside: (id: string | undefined) => Point;
}

/** The keys of the flow, with what the key help says of them. */
export function flowKeys(context: KeyContext): Record<string, KeyAction> {
    const { stage } = context;
    const act = (title: string, run: () => void | boolean): KeyAction => ({ title, run });
    const again = (title: string, run: () => void | boolean): KeyAction => ({ title, run, repeats: true });
    const edgeOf = () => context.drawing().wires.find((wire) => wire.id === context.wire())?.edge;
    const one = () => (selectedModules().length === 1 ? selectedModules()[0] : undefined);
    const addBox = () => {
        const target = usualTarget(edgeOf());
        context.open({ kind: "add", at: context.beside(one()), target });
    };
    const remove = (bridge: boolean) => {
        const edge = edgeOf();
        if (edge !== undefined) {
            context.selectWire(undefined);
            void disconnectEdges([edge]);
        } else {
            deleteModules(selectedModules(), bridge);
        }
    };
    const go = (direction: Direction, adds: boolean) => {
        const from = context.current();
        const drawing = context.drawing();
        const to = from === undefined ? drawing.modules[0]?.id : neighbour(drawing, from, direction);
        if (to === undefined) return;
        ui.select(adds ? [...new Set([...ui.getState().selection, to])] : [to]);
        context.focus(to);
    };
    const keys: Record<string, KeyAction> = {
        "a": act("Add a module by typing", addBox),
        "/": act("Add a module by typing", addBox),
        "c": act("Connect: wires of the module", () => {
            const module = context.current();
            if (module !== undefined) context.open({ kind: "connect", at: context.beside(module), module });
        }),
        "w": act("Next wire of the module", () => {
            const id = context.current();
            const wires = id === undefined ? [] : wiresAt(context.drawing(), id);
            const next = wires[wires.indexOf(context.wire() ?? "") + 1];
            context.selectWire(next);
        }),
        "e": act("Bypass or enable", () => toggleEnabled(selectedModules())),
        "delete": act("Delete, the signal goes on", () => remove(true)),
        "shift+delete": act("Delete with its wires", () => remove(false)),
        "ctrl+d": act("Duplicate", duplicateSelected),
        "ctrl+a": act("Select all", () =>
            ui.select(context.drawing().modules.filter((each) => each.kind !== "border").map((each) => each.id))),
        "ctrl+shift+a": act("Select nothing", () => {
            ui.select([]);
            context.selectWire(undefined);
        }),
        // The browser's own copy and paste do these; they are listed here.
        "ctrl+c": { title: "Copy", run: () => false },
        "ctrl+x": { title: "Cut", run: () => false },
        "ctrl+v": { title: "Paste", run: () => false },
        "ctrl+z": again("", () => undoWaiting()),
        "f2": act("Rename", () => {
            const id = one();
            if (id !== undefined) context.open(renaming(id, context.beside(id)));
        }),
        "enter": act("Into the sub-graph, or to the parameters", () => {
            const id = one() ?? context.current();
            if (id === undefined) return false;
            openModule(id);
            return true;
        }),
        "backspace": act("Out of the sub-graph", () => {
            const { path } = ui.getState();
            if (!path.length) return false;
            ui.leaveTo(path.length - 1);
            return true;
        }),
        "g": act("Make a sub-graph", () => {
            const ids = selectedModules();
            if (ids.length) context.open(grouping(ids, context.beside(ids[0])));
        }),
        "u": act("Dissolve the sub-graph", () => {
            const id = one();
            if (id !== undefined && context.drawing().byID.get(id)?.kind === "group") dissolveGroup(id);
        }),
        "l": act("Lay out", () => layOut(context.drawing())),
        "f": act("Show all", () => stage.fit()),
        "shift+f": act("Show what is selected", () => stage.fit(ui.getState().selection)),
        "+": again("Larger", () => stage.zoom(1.25)),
        "=": again("", () => stage.zoom(1.25)),
        "-": again("Smaller", () => stage.zoom(0.8)),
        "0": act("Real size", () => stage.zoom(1 / stage.view.scale)),
        "shift+f10": act("Menu", () => context.openMenu(context.current() ?? "")),
        "contextmenu": act("", () => context.openMenu(context.current() ?? "")),
    };
    const steps: Record<Direction, Point> = {
        left: { x: -1, y: 0 }, right: { x: 1, y: 0 }, up: { x: 0, y: -1 }, down: { x: 0, y: 1 },
    };
    for (const direction of ["left", "right", "up", "down"] as const) {
        const { x, y } = steps[direction];
        const way = x !== 0 ? "Along the wires" : "To the module above or below";
        keys[direction] = again(way, () => go(direction, false));
        keys[`shift+${direction}`] = again("Select along", () => go(direction, true));
        keys[`alt+${direction}`] = again("Move", () => nudgeSelected(context.drawing(), { x: x * GRID, y: y * GRID }));
        keys[`alt+shift+${direction}`] = again("Move by a pixel", () => nudgeSelected(context.drawing(), { x, y }));
    }
    return keys;
}
