import type { MenuItem } from "../controls/Menu";
import { ui } from "../frame/ui";
import {
    deleteModules, disconnectEdges, dissolveGroup, groupModules, here, nameOf, openModule, renameModule, reorderModule,
    selectedModules, toggleEnabled,
} from "./actions";
import type { Target } from "./adding";
import { alignSelected, distributeSelected, layOut } from "./arranging";
import { channelRefusal } from "./asking";
import type { Popup } from "./asking";
import { addExternalPort, labelPort, removeExternalPort, setChannels } from "./chain/external";
import { BOUNDARY } from "./chain/model";
import type { Point } from "./chain/modules";
import { canPaste, copySelected, duplicateSelected, pasteCopied } from "./clipboardKeys";
import { INPUTS, isBorder, moduleOf } from "./drawing";
import type { Drawing, PortView } from "./drawing";
import type { Stage } from "./stage";
import { propose } from "./working";

/** What menus need of the pane. */
export interface MenuContext {
    drawing: Drawing;
    stage: Stage;
    /** Where boxes that a choice opens should be, in the window. */
    at: Point;
    open: (popup: Popup) => void;
}

/** What can be done with a module, or with all that are selected. */
export function moduleMenu(context: MenuContext, id: string): MenuItem[] {
    const { drawing, at, open } = context;
    const module = drawing.byID.get(id);
    const selected = selectedModules();
    const isMany = selected.length > 1;
    if (!module) return [];
    if (isBorder(id)) return borderMenu(context, id);
    const add: Target = { kind: "after", module: id };
    return [
        {
            title: module.kind === "group" ? "Open" : "Parameters",
            keys: "Enter",
            run: () => openModule(id),
            disabled: isMany,
        },
        { title: module.enabled ? "Bypass" : "Enable", keys: "E", icon: "power", run: () => toggleEnabled(selected) },
        { title: "Rename…", keys: "F2", icon: "edit", disabled: isMany, run: () => open(renaming(id, at)) },
        {
            title: "Wires…",
            keys: "C",
            icon: "link",
            disabled: isMany,
            run: () => open({ kind: "connect", at, module: id }),
        },
        {
            title: "Add behind…",
            keys: "A",
            icon: "add",
            disabled: isMany,
            run: () => open({ kind: "add", at, target: add }),
        },
        { title: "Copy", keys: "Ctrl C", icon: "copy", separated: true, run: copySelected },
        { title: "Duplicate", keys: "Ctrl D", run: duplicateSelected },
        { title: "Make a sub-graph…", keys: "G", separated: true, run: () => open(grouping(selected, at)) },
        ...(module.kind === "group" && !isMany ? [{ title: "Dissolve", keys: "U", run: () => dissolveGroup(id) }] : []),
        ...(isMany ? arrangeItems(drawing) : [
            { title: "Process earlier", separated: true, run: () => reorderModule(id, -1) },
            { title: "Process later", run: () => reorderModule(id, 1) },
        ]),
        {
            title: "Delete",
            keys: "Del",
            icon: "trash",
            danger: true,
            separated: true,
            run: () => deleteModules(selected, true),
        },
        { title: "Delete with its wires", keys: "Shift Del", danger: true, run: () => deleteModules(selected, false) },
    ];
}

/** What can be done with the chain's own ports. */
function borderMenu({ at, open }: MenuContext, id: string): MenuItem[] {
    const direction = id === INPUTS ? "input" : "output";
    return [
        {
            title: `Add an ${direction}`,
            icon: "add",
            run: () => void propose(`Add an ${direction}`, here((to) => addExternalPort(to, direction))),
        },
        { title: "Wires…", keys: "C", icon: "link", run: () => open({ kind: "connect", at, module: id }) },
    ];
}

/** What can be done with one port. */
export function portMenu(context: MenuContext, id: string, port: PortView): MenuItem[] {
    const { drawing, at, open } = context;
    const module = moduleOf(id);
    const edges = drawing.wires.flatMap((wire) => {
        const end = port.role === "start" ? wire.from : wire.to;
        return end.module === module && end.port === port.id && wire.edge !== undefined ? [wire.edge] : [];
    });
    const label: Popup = {
        kind: "ask",
        at,
        title: "Name of the port",
        value: port.label,
        answer: (text) => void propose(`Name the port ${port.id}`, here((to) => labelPort(to, module, port.id, text))),
    };
    const channels: Popup = {
        kind: "ask",
        at,
        title: "Channels (empty: as the wire)",
        value: port.stated < 1 ? "" : String(port.stated),
        refusal: channelRefusal,
        answer: (text) => {
            const count = text.trim() === "" ? -1 : Number(text);
            void propose(`Channels of ${port.id}`, here((to) => setChannels(to, module, port.id, count)));
        },
    };
    const remove = () => void propose(`Take the port ${port.id} out`, here((to) => removeExternalPort(to, port.id)));
    return [
        { title: "Name…", icon: "edit", run: () => open(label) },
        { title: "Channels…", run: () => open(channels), disabled: !port.isFree && port.stated < 1 },
        {
            title: edges.length > 1 ? "Take its wires out" : "Take its wire out",
            icon: "trash",
            danger: true,
            disabled: !edges.length,
            run: () => void disconnectEdges(edges),
        },
        ...(module === BOUNDARY ? [{ title: "Take the port out", danger: true, separated: true, run: remove }] : []),
    ];
}

/** What can be done with a wire. */
export function wireMenu({ at, open }: MenuContext, edge: string | undefined): MenuItem[] {
    if (edge === undefined) return [{
        title: "Bound by position: draw a wire to change it",
        disabled: true,
        run: () => undefined,
    }];
    return [
        {
            title: "Insert a module…",
            keys: "A",
            icon: "add",
            run: () => open({ kind: "add", at, target: { kind: "edge", edge } }),
        },
        {
            title: "Take the wire out",
            keys: "Del",
            icon: "trash",
            danger: true,
            run: () => void disconnectEdges([edge]),
        },
    ];
}

/** What can be done with the chain. */
export function chainMenu({ drawing, stage, at, open }: MenuContext, point: Point): MenuItem[] {
    const all = drawing.modules.filter((module) => module.kind !== "border").map((module) => module.id);
    return [
        {
            title: "Add a module…",
            keys: "A",
            icon: "add",
            run: () => open({ kind: "add", at, target: { kind: "loose", at: point } }),
        },
        { title: "Paste", keys: "Ctrl V", disabled: !canPaste(), run: pasteCopied },
        { title: "Select all", keys: "Ctrl A", disabled: !all.length, run: () => ui.select(all) },
        { title: "Lay out", keys: "L", separated: true, disabled: !all.length, run: () => layOut(drawing) },
        { title: "Show all", keys: "F", run: () => stage.fit() },
        {
            title: "Add an input to the chain",
            separated: true,
            run: () => void propose("Add an input", here((to) => addExternalPort(to, "input"))),
        },
        {
            title: "Add an output to the chain",
            run: () => void propose("Add an output", here((to) => addExternalPort(to, "output"))),
        },
    ];
}

/** Alignment of the modules selected. */
export function arrangeItems(drawing: Drawing): MenuItem[] {
    const count = selectedModules().length;
    const isFew = count < 2;
    return [
        { title: "Align left", disabled: isFew, separated: true, run: () => alignSelected(drawing, "left") },
        { title: "Align centres", disabled: isFew, run: () => alignSelected(drawing, "centre") },
        { title: "Align right", disabled: isFew, run: () => alignSelected(drawing, "right") },
        { title: "Align tops", disabled: isFew, run: () => alignSelected(drawing, "top") },
        { title: "Align middles", disabled: isFew, run: () => alignSelected(drawing, "middle") },
        { title: "Align bottoms", disabled: isFew, run: () => alignSelected(drawing, "bottom") },
        { title: "Distribute across", disabled: count < 3, run: () => distributeSelected(drawing, "x") },
        { title: "Distribute down", disabled: count < 3, run: () => distributeSelected(drawing, "y") },
    ];
}

/** The box that renames a module. */
export function renaming(id: string, at: Point): Popup {
    return {
        kind: "ask",
        at,
        title: `Name of ${id}`,
        value: nameOf(id),
        answer: (text) => renameModule(id, text === id ? "" : text),
    };
}

/** The box that names a new sub-graph. */
export function grouping(ids: readonly string[], at: Point): Popup {
    const refusal = (text: string) => (text.trim() ? undefined : "A sub-graph needs a name.");
    return {
        kind: "ask",
        at,
        title: "Name of the sub-graph",
        value: "Group",
        refusal,
        answer: (text) => groupModules(ids, text.trim()),
    };
}
