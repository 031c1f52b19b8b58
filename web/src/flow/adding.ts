import { flattened, ui } from "../frame/ui";
import { chainShown, makeExplicit, settle } from "./chain/at";
import type { At } from "./chain/at";
import { keyOf, readChain } from "./chain/local";
import { BOUNDARY, endOf, sameEnd, startOf, SUBGRAPH } from "./chain/model";
import type { End } from "./chain/model";
import { addNode, nextID } from "./chain/modules";
import type { Point } from "./chain/modules";
import { addEdge, connect, insertOnEdge, throughPorts } from "./chain/wires";
import { here, rehearse, shown } from "./actions";
import { INPUTS, isBorder, OUTPUTS, STRIP } from "./drawing";
import { freePlace, MODULE, moduleHeight, snapped, SPACE } from "./layout/geometry";
import type { Box } from "./layout/geometry";
import { propose } from "./working";

/** Where a new module goes. */
export type Target =
    /** Where it is put, or in the middle of what is seen, without wires. */
    | { kind: "loose"; at?: Point }
    /** Into a wire. */
    | { kind: "edge"; edge: string; at?: Point }
    /** Behind a module or the chain's inputs: into all wires that begin there. */
    | { kind: "after"; module: string }
    /** Before the chain's outputs: into the wire that leads to the first. */
    | { kind: "last" }
    /** At the free end of a wire that was drawn. */
    | { kind: "wire"; from?: End; to?: End; at: Point };

/** Asked for the middle of what is seen; the pane sets it. */
let middle: () => Point = () => ({ x: 0, y: 0 });

/** Lets new modules without a place of their own appear where the user looks. */
export function setMiddle(seen: () => Point): void {
    middle = seen;
}

/** Where a module goes that is added by name: behind the module selected, else before the chain's outputs. */
export function usualTarget(selectedEdge?: string): Target {
    const { selection } = ui.getState();
    if (selectedEdge !== undefined) return { kind: "edge", edge: selectedEdge };
    if (selection.length === 1 && selection[0] !== OUTPUTS) return { kind: "after", module: selection[0] };
    return { kind: "last" };
}

/** Says in words where a module will go. */
export function describeTarget(target: Target): string {
    switch (target.kind) {
        case "edge":
            return "Goes into the wire selected.";
        case "after":
            return isBorder(target.module) ? "Goes behind the chain's inputs." : `Goes behind ${target.module}.`;
        case "last":
            return "Goes before the chain's outputs.";
        case "wire":
            return "Is connected with the wire.";
        case "loose":
            return "Is put down without wires.";
    }
}

/** Adds a module of a type, or an empty sub-graph (“subgraph”), and selects it. */
export function add(moduleType: string, target: Target): void {
    const at = shown();
    if (!at) return;
    const id = rehearse("Add a module", (trial) => nextID(trial, moduleType));
    if (id === undefined) return;
    const edit = (to: At) => addAt(to, moduleType, id, target);
    if (rehearse(`Add ${id}`, edit) === undefined) return;
    // An id that was used before comes back with its former values; a new module has the defaults.
    const isModule = moduleType !== SUBGRAPH;
    void propose(`Add ${id}`, here(edit), isModule ? { [flattened(id)]: {} } : undefined);
    ui.select([id]);
}

function addAt(at: At, moduleType: string, id: string, target: Target): true {
    makeExplicit(at);
    const boxes = boxesOf(at);
    addNode(at, moduleType, id, placeFor(at, target, boxes));
    const isThrough = throughPorts(at, id) !== undefined;
    switch (target.kind) {
        case "edge":
            if (isThrough) insertOnEdge(at, target.edge, id);
            break;
        case "after":
            if (isThrough) insertBehind(at, target.module, id);
            break;
        case "last":
            if (isThrough) insertLast(at, id);
            break;
        case "wire":
            connectWire(at, id, target);
            break;
        case "loose":
            break;
    }
    return true;
}

/** Puts a module into all wires that begin at the first output of another. */
function insertBehind(at: At, module: string, id: string): void {
    const local = readChain(at.link, at.library, at.key);
    const name = module === INPUTS ? BOUNDARY : module;
    const output = module === INPUTS ? local.inputs[0] : local.nodes.get(module)?.ports.outputs[0];
    const through = throughPorts(at, id);
    if (!output || !through) return;
    const from = { module: name, port: output.id };
    const wires = chainShown(at).edges.filter((edge) => sameEnd(startOf(edge), from));
    for (const wire of wires) Object.assign(wire, { fromModule: id, fromPort: through.output });
    addEdge(at, from, { module: id, port: through.input });
    settle(at.link, at.library);
}

function insertLast(at: At, id: string): void {
    const local = readChain(at.link, at.library, at.key);
    const through = throughPorts(at, id);
    const [output] = local.outputs;
    if (!output || !through) return;
    const end = { module: BOUNDARY, port: output.id };
    const wire = chainShown(at).edges.find((edge) => sameEnd(endOf(edge), end));
    if (wire) {
        insertOnEdge(at, wire.id, id);
        return;
    }
    connect(at, { module: id, port: through.output }, end);
    const [input] = local.inputs;
    const isOnly = local.nodes.size === 1;
    if (input && isOnly) connect(at, { module: BOUNDARY, port: input.id }, { module: id, port: through.input });
}

function connectWire(at: At, id: string, { from, to }: { from?: End; to?: End }): void {
    const ports = readChain(at.link, at.library, at.key).nodes.get(id)?.ports;
    const [input] = ports?.inputs ?? [];
    const [output] = ports?.outputs ?? [];
    if (from && input) connect(at, from, { module: id, port: input.id });
    if (to && output) connect(at, { module: id, port: output.id }, to);
}

interface NamedBoxes {
    boxes: Map<string, Box>;
    all: Box[];
}

function boxesOf(at: At): NamedBoxes {
    const boxes = new Map<string, Box>();
    for (const [id, { node, ports }] of readChain(at.link, at.library, at.key).nodes) {
        const height = moduleHeight(ports.inputs.length, ports.outputs.length) + STRIP;
        boxes.set(id, { x: node.position?.x ?? 0, y: node.position?.y ?? 0, width: MODULE.width, height });
    }
    return { boxes, all: [...boxes.values()] };
}

/** A free place that fits the target; modules in the way of one that goes between two are pushed to the right. */
function placeFor(at: At, target: Target, { boxes, all }: NamedBoxes): Point {
    const size = { width: MODULE.width, height: moduleHeight(1, 1) };
    if (target.kind === "loose" || target.kind === "wire" || (target.kind === "edge" && target.at)) {
        const wish = target.at ?? middle();
        return freePlace({ ...size, x: snapped(wish.x), y: snapped(wish.y) }, all);
    }
    const [before, after] = between(at, target);
    const left = before && boxes.get(before);
    const right = after && boxes.get(after);
    if (left) {
        const x = left.x + left.width + SPACE.x;
        if (right && right.x >= left.x) pushRight(at, x + size.width + SPACE.x, right.x);
        return freePlace({ ...size, x, y: left.y }, right && right.x >= left.x ? [...boxesOf(at).all] : all);
    }
    if (right) return freePlace({ ...size, x: right.x - SPACE.x - size.width, y: right.y }, all);
    const wish = middle();
    return freePlace({ ...size, x: wish.x - size.width / 2, y: wish.y - size.height / 2 }, all);
}

/** Moves what stands at or right of `from` so far that it begins at `to`. */
function pushRight(at: At, to: number, from: number): void {
    const by = to - from;
    if (by <= 0) return;
    for (const node of chainShown(at).nodes) {
        const position = node.position ?? { x: 0, y: 0 };
        if (position.x >= from) node.position = { ...position, x: snapped(position.x + by) };
    }
}

/** The modules that the new one goes between. */
function between(at: At, target: Target): [string | undefined, string | undefined] {
    const edges = chainShown(at).edges;
    const module = (id: string | undefined) => (id === BOUNDARY ? undefined : id);
    if (target.kind === "edge") {
        const wire = edges.find((edge) => edge.id === target.edge);
        return [module(wire?.fromModule), module(wire?.toModule)];
    }
    if (target.kind === "after") {
        const name = target.module === INPUTS ? BOUNDARY : target.module;
        const wire = edges.find((edge) => edge.fromModule === name);
        return [module(name), module(wire?.toModule)];
    }
    const [output] = readChain(at.link, at.library, at.key).outputs;
    const end = output && keyOf({ module: BOUNDARY, port: output.id });
    const wire = edges.find((edge) => keyOf(endOf(edge)) === end);
    return [module(wire?.fromModule), undefined];
}
