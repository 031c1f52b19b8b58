import type { LinkConfig } from "../node/types";
import type { Inspection } from "./chain/check";
import { keyOf } from "./chain/local";
import type { LocalNode, Wire } from "./chain/local";
import { BOUNDARY, SUBGRAPH, titleOf } from "./chain/model";
import type { End, Library } from "./chain/model";
import type { PlacedFault } from "./chain/places";
import type { ResolvedPort } from "./chain/ports";
import { originOf, placeKey } from "./chain/signal";
import { familyOf, typeTitle } from "./families";
import type { Family } from "./families";
import {
    around,
    BORDER,
    borderHeight,
    borderPortOffset,
    MODULE,
    moduleHeight,
    portOffset,
    SPACE,
} from "./layout/geometry";
import type { Box } from "./layout/geometry";
import type { Point } from "./chain/modules";

/** The ids of the two columns with the chain's own ports, beside those of modules. */
export const INPUTS = "$io:input";
export const OUTPUTS = "$io:output";

/** Height of the strip with levels below a module, while it is shown. */
export const STRIP = 22;

/** How many channels a port or wire has, as its colour tells. */
export type Width = "mono" | "audio" | "multi" | "unknown";

/** The colour class of a channel count. */
export function widthOf(channels: number | undefined): Width {
    if (channels === undefined) return "unknown";
    return channels === 1 ? "mono" : channels === 2 ? "audio" : "multi";
}

/** A port as it is drawn. */
export interface PortView {
    id: string;
    label: string;
    /** Whether wires begin or end here, seen from inside the chain. */
    role: "start" | "end";
    width: Width;
    channels?: number;
    /** Whether its channel count may be stated freely. */
    isFree: boolean;
    /** What the file states; −1: inherited. */
    stated: number;
    required: boolean;
    isConnected: boolean;
    fault?: string;
}

/** A module, or a column with the chain's own ports (`kind` "border"), as it is drawn. */
export interface ModuleView {
    id: string;
    kind: "module" | "group" | "border";
    title: string;
    type: string;
    family: Family | "io";
    enabled: boolean;
    box: Box;
    inputs: PortView[];
    outputs: PortView[];
    /** What is wrong with the module itself. */
    faults: string[];
    /** Faults inside a sub-graph. */
    faultsInside: number;
    /** Modules inside a sub-graph, those of its own sub-graphs included. */
    inside: number;
    core?: number;
}

/** A wire as it is drawn. */
export interface WireView {
    id: string;
    /** The file's edge; undefined for a wire that binding by position makes. */
    edge?: string;
    from: End;
    to: End;
    channels?: number;
    fault?: string;
    /** Whether its ends run on different cores. */
    isCrossCore: boolean;
}

/** Everything of one chain that is drawn. */
export interface Drawing {
    key: string;
    path: string[];
    modules: ModuleView[];
    wires: WireView[];
    /** By module id. */
    byID: Map<string, ModuleView>;
}

/** What a drawing is made from. */
export interface Subject {
    link: LinkConfig;
    library: Library;
    inspection: Inspection;
    faults: readonly PlacedFault[];
    key: string;
    path: string[];
    /** Core by flattened id. */
    cores: Readonly<Record<string, number>>;
    showsLevels: boolean;
}

/** Makes a drawing; parts that are as before are the same objects, so that they are not drawn again. */
export function draw(subject: Subject, before?: Drawing): Drawing {
    const local = subject.inspection.chains.get(subject.key);
    if (!local) return { key: subject.key, path: subject.path, modules: [], wires: [], byID: new Map() };
    const starts = new Set(local.wires.map((wire) => keyOf(wire.from)));
    const ends = new Set(local.wires.map((wire) => keyOf(wire.to)));
    const faults = new FaultIndex(subject);
    const port = (module: string, resolved: ResolvedPort, role: "start" | "end"): PortView => {
        const end = { module, port: resolved.id };
        const channels = channelsAt(subject, end, role);
        return {
            id: resolved.id,
            label: resolved.label,
            role,
            width: widthOf(channels),
            channels,
            isFree: resolved.channels === "free" || module === BOUNDARY,
            stated: resolved.stated[resolved.stated.length - 1]?.channels ?? -1,
            required: resolved.required,
            isConnected: (role === "start" ? starts : ends).has(keyOf(end)),
            fault: faults.ofPort(module, resolved.id),
        };
    };
    const modules = [...local.nodes.values()].map((node) => drawModule(subject, node, port, faults));
    const wires = local.wires.map((wire) => drawWire(subject, wire, faults));
    const borders = drawBorders(subject, modules, wires, {
        inputs: local.inputs.map((each) => port(BOUNDARY, each, "start")),
        outputs: local.outputs.map((each) => port(BOUNDARY, each, "end")),
    });
    const isSame = before?.key === subject.key && before.path.join() === subject.path.join();
    const known = new Map(isSame ? before.modules.map((module) => [module.id, module]) : []);
    const knownWires = new Map(isSame ? before.wires.map((wire) => [wire.id, wire]) : []);
    const all = [...borders, ...modules].map((module) => kept(module, known.get(module.id)));
    return {
        key: subject.key,
        path: subject.path,
        modules: all,
        wires: wires.map((wire) => kept(wire, knownWires.get(wire.id))),
        byID: new Map(all.map((module) => [module.id, module])),
    };
}

function kept<View>(view: View, before: View | undefined): View {
    return before !== undefined && JSON.stringify(before) === JSON.stringify(view) ? before : view;
}

/** Faults of the chain shown by what they belong to, and the number inside each sub-graph. */
class FaultIndex {
    private readonly ports = new Map<string, string[]>();
    private readonly nodes = new Map<string, string[]>();
    private readonly edges = new Map<string, string[]>();
    readonly chains = new Map<string, number>();

    constructor(subject: Subject) {
        const add = (map: Map<string, string[]>, key: string, message: string) => {
            map.set(key, [...(map.get(key) ?? []), message]);
        };
        for (const { place, message } of subject.faults) {
            if (place.chain !== undefined) this.chains.set(place.chain, (this.chains.get(place.chain) ?? 0) + 1);
            if (place.chain !== subject.key) continue;
            if (place.edge !== undefined) add(this.edges, place.edge, message);
            else if (place.node !== undefined && place.port !== undefined) {
                add(this.ports, keyOf({ module: place.node, port: place.port }), message);
            } else if (place.node !== undefined) add(this.nodes, place.node, message);
        }
    }

    ofPort(module: string, port: string): string | undefined {
        return this.ports.get(keyOf({ module, port }))?.join(" ");
    }

    ofNode(id: string): string[] {
        return this.nodes.get(id) ?? [];
    }

    ofEdge(id: string | undefined): string | undefined {
        return id === undefined ? undefined : this.edges.get(id)?.join(" ");
    }
}

function channelsAt(subject: Subject, end: End, role: "start" | "end"): number | undefined {
    const { signal } = subject.inspection;
    const point = signal.places.get(placeKey(subject.path, end, role === "start" ? "output" : "input"));
    if (point === undefined) return undefined;
    const origin = role === "end" ? originOf(signal, point) : point;
    return origin === undefined || origin === point ? signal.points[point].channels : signal.points[origin].channels;
}

function drawModule(
    subject: Subject,
    { node, ports }: LocalNode,
    port: (module: string, resolved: ResolvedPort, role: "start" | "end") => PortView,
    faults: FaultIndex,
): ModuleView {
    const id = node.instanceId;
    const isGroup = node.moduleType === SUBGRAPH;
    const height = moduleHeight(ports.inputs.length, ports.outputs.length) + (subject.showsLevels ? STRIP : 0);
    const chains = isGroup ? chainsInside(subject.link, node.subGraphId) : [];
    const inside = chains.flatMap(
        (key) => subject.link.chains[key].nodes.filter((each) => each.moduleType !== SUBGRAPH),
    );
    return {
        id,
        kind: isGroup ? "group" : "module",
        title: titleOf(subject.link, node),
        type: typeTitle(node.moduleType, subject.library[node.moduleType]?.instanceName),
        family: familyOf(node.moduleType, ports.inputs.length > 0),
        enabled: node.enabled !== false,
        box: { x: node.position?.x ?? 0, y: node.position?.y ?? 0, width: MODULE.width, height },
        inputs: ports.inputs.map((each) => port(id, each, "end")),
        outputs: ports.outputs.map((each) => port(id, each, "start")),
        faults: faults.ofNode(id),
        faultsInside: chains.reduce((sum, key) => sum + (faults.chains.get(key) ?? 0), 0),
        inside: inside.length,
        core: subject.cores[[...subject.path, id].join(".")],
    };
}

/** Keys of the chains in a sub-graph, each once. */
function chainsInside(link: LinkConfig, key: string | undefined, seen: string[] = []): string[] {
    if (key === undefined || !link.chains[key] || seen.includes(key)) return seen;
    seen.push(key);
    for (const node of link.chains[key].nodes) chainsInside(link, node.subGraphId, seen);
    return seen;
}

function drawWire(subject: Subject, wire: Wire, faults: FaultIndex): WireView {
    const from = coresOf(subject, wire.from, "output");
    const to = coresOf(subject, wire.to, "input");
    return {
        id: wire.edge ?? `${keyOf(wire.from)}>${keyOf(wire.to)}`,
        edge: wire.edge,
        from: wire.from,
        to: wire.to,
        channels: channelsAt(subject, wire.to, "end") ?? channelsAt(subject, wire.from, "start"),
        fault: faults.ofEdge(wire.edge),
        isCrossCore: from.some((core) => to.some((other) => other !== core)),
    };
}

/** The cores on which the modules at one end of a wire run; those inside a sub-graph when it leads to one. */
function coresOf(subject: Subject, end: End, side: "input" | "output"): number[] {
    const { signal } = subject.inspection;
    const point = signal.places.get(placeKey(subject.path, end, side));
    if (point === undefined) return [];
    const core = (module: number) => (module < 0 ? undefined : subject.cores[signal.modules[module].id]);
    if (side === "output") {
        const origin = originOf(signal, point);
        const own = origin === undefined ? undefined : core(signal.points[origin].module);
        return own === undefined ? [] : [own];
    }
    const own = core(signal.points[point].module);
    if (own !== undefined) return [own];
    if (signal.points[point].kind !== "junction") return [];
    const reached = signal.points.filter((each) => each.kind === "moduleInput" && passes(subject, each, point));
    return [...new Set(reached.flatMap((each) => core(each.module) ?? []))];
}

/** Whether a point is fed through another. */
function passes(subject: Subject, at: { source?: number }, through: number): boolean {
    const { points } = subject.inspection.signal;
    for (let source = at.source, hops = 0; source !== undefined && hops < points.length; hops += 1) {
        if (source === through) return true;
        if (points[source].kind !== "junction") return false;
        source = points[source].source;
    }
    return false;
}

/** The columns with the chain's own ports: beside all modules, at the height of what they are wired to. */
function drawBorders(
    subject: Subject,
    modules: readonly ModuleView[],
    wires: readonly WireView[],
    ports: { inputs: PortView[]; outputs: PortView[] },
): ModuleView[] {
    const box = around(modules.map((module) => module.box)) ?? { x: 0, y: 0, width: 2 * SPACE.x, height: 90 };
    const byID = new Map(modules.map((module) => [module.id, module]));
    const faults = subject.faults.filter(
        ({ place }) => place.chain === subject.key && place.node === BOUNDARY && !place.port,
    );
    const column = (id: string, title: string, list: PortView[], x: number): ModuleView => {
        const side = id === INPUTS ? "input" : "output";
        const heights = wires.flatMap((wire) => {
            const [own, other] = side === "input" ? [wire.from, wire.to] : [wire.to, wire.from];
            const row = list.findIndex((port) => own.module === BOUNDARY && port.id === own.port);
            const module = byID.get(other.module);
            const point = module && portPoint(module, other.port, side === "input" ? "end" : "start");
            return row < 0 || !point ? [] : [point.y - borderPortOffset(side, row).y];
        });
        const height = borderHeight(list.length);
        const mean = heights.length
            ? heights.reduce((sum, y) => sum + y, 0) / heights.length
            : box.y + (box.height - height) / 2;
        const own = side === "input" ? { inputs: [], outputs: list } : { inputs: list, outputs: [] };
        return {
            id,
            kind: "border",
            title,
            type: title,
            family: "io",
            enabled: true,
            box: { x, y: Math.round(mean), width: BORDER.width, height },
            ...own,
            faults: side === "input" ? faults.map((fault) => fault.message) : [],
            faultsInside: 0,
            inside: 0,
        };
    };
    return [
        column(INPUTS, "Inputs", ports.inputs, box.x - SPACE.x - BORDER.width),
        column(OUTPUTS, "Outputs", ports.outputs, box.x + box.width + SPACE.x),
    ];
}

/** The id of what a wire's end is drawn at. */
export function drawnAt(end: End, role: "start" | "end"): string {
    return end.module === BOUNDARY ? (role === "start" ? INPUTS : OUTPUTS) : end.module;
}

/** What a drawn thing is called in the chain. */
export function moduleOf(id: string): string {
    return id === INPUTS || id === OUTPUTS ? BOUNDARY : id;
}

/** Whether an id is that of a column with the chain's own ports. */
export function isBorder(id: string): boolean {
    return id === INPUTS || id === OUTPUTS;
}

/** Middle of a port on the drawing; undefined for a port that is not there. */
export function portPoint(module: ModuleView, port: string, role: "start" | "end"): Point | undefined {
    const row = (role === "start" ? module.outputs : module.inputs).findIndex((each) => each.id === port);
    if (row < 0) return undefined;
    const offset =
        module.kind === "border"
            ? borderPortOffset(role === "start" ? "input" : "output", row)
            : portOffset(role === "start" ? "output" : "input", row, module.box.width);
    return { x: module.box.x + offset.x, y: module.box.y + offset.y };
}
