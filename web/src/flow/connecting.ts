import { connectEnds, disconnectEdges, shown } from "./actions";
import { keyOf } from "./chain/local";
import { BOUNDARY } from "./chain/model";
import type { End } from "./chain/model";
import { possibleEnds, possibleStarts, reasonAgainst } from "./chain/wires";
import { drawnAt, moduleOf } from "./drawing";
import type { Drawing, ModuleView, PortView } from "./drawing";
import type { Choice } from "./PickBox";

/** Pairs of ports that are tried out in full when the list is made; beyond them circles alone are looked for. */
const TRIED = 120;

/** Something to connect a module with, or to take its wire away from. */
export interface WireChoice extends Choice {
    from: End;
    to: End;
    /** The wire that choosing takes out. */
    edge?: string;
}

/** Everything that a module's ports can be wired with, wires that are there first. */
export function wireChoices(drawing: Drawing, id: string): WireChoice[] {
    const at = shown();
    const own = drawing.byID.get(id);
    if (!at || !own) return [];
    const module = moduleOf(id);
    const choices: WireChoice[] = [];
    for (const wire of drawing.wires) {
        if (wire.edge === undefined) continue;
        if (drawnAt(wire.from, "start") !== id && drawnAt(wire.to, "end") !== id) continue;
        choices.push({
            id: `-${wire.edge}`,
            title: `${name(drawing, wire.from, "start")} → ${name(drawing, wire.to, "end")}`,
            detail: "take this wire out",
            section: "Wires",
            from: wire.from,
            to: wire.to,
            edge: wire.edge,
        });
    }
    const joined = new Set(drawing.wires.map((wire) => `${keyOf(wire.from)}>${keyOf(wire.to)}`));
    const feeding = new Map(drawing.wires.map((wire) => [keyOf(wire.to), wire]));
    let tried = 0;
    const add = (from: End, to: End, isPossible: boolean, section: string) => {
        if (joined.has(`${keyOf(from)}>${keyOf(to)}`)) return;
        const isTried = (tried += 1) <= TRIED;
        const refusal = isTried ? reasonAgainst(at, from, to) : isPossible ? undefined : "That would make a circle.";
        const before = feeding.get(keyOf(to));
        choices.push({
            id: `${keyOf(from)}>${keyOf(to)}`,
            title: `${name(drawing, from, "start")} → ${name(drawing, to, "end")}`,
            detail: before ? `in place of ${name(drawing, before.from, "start")}` : "",
            refusal,
            section,
            from,
            to,
        });
    };
    for (const port of own.outputs) {
        const from = { module, port: port.id };
        const possible = possibleEnds(at, from);
        for (const to of others(drawing, id, "end")) add(from, to, possible.has(keyOf(to)), "Leads to");
    }
    for (const port of own.inputs) {
        const to = { module, port: port.id };
        const possible = possibleStarts(at, to);
        for (const from of others(drawing, id, "start")) add(from, to, possible.has(keyOf(from)), "Comes from");
    }
    const sections = ["Wires", "Leads to", "Comes from"];
    const section = (choice: WireChoice) => sections.indexOf(choice.section ?? "");
    const rank = (choice: WireChoice) => section(choice) * 2 + (choice.refusal === undefined ? 0 : 1);
    return choices.sort((a, b) => rank(a) - rank(b));
}

function others(drawing: Drawing, id: string, role: "start" | "end"): End[] {
    const list = (module: ModuleView): PortView[] => (role === "start" ? module.outputs : module.inputs);
    return drawing.modules.flatMap((module) =>
        module.id === id ? [] : list(module).map((port) => ({ module: moduleOf(module.id), port: port.id })),
    );
}

function name(drawing: Drawing, end: End, role: "start" | "end"): string {
    const module = drawing.byID.get(drawnAt(end, role));
    const ports = role === "start" ? module?.outputs : module?.inputs;
    const label = ports?.find((port) => port.id === end.port)?.label ?? end.port;
    if (end.module === BOUNDARY) return `${role === "start" ? "Inputs" : "Outputs"} ${label}`;
    return `${module?.title ?? end.module} ${label}`;
}

/** Makes or takes out what was chosen. */
export function chooseWire(choice: WireChoice): void {
    if (choice.edge === undefined) void connectEnds(choice.from, choice.to);
    else void disconnectEdges([choice.edge]);
}

/** The wires at a module, in the order of its ports, for going through them by key. */
export function wiresAt(drawing: Drawing, id: string): string[] {
    return drawing.wires
        .filter((wire) => drawnAt(wire.from, "start") === id || drawnAt(wire.to, "end") === id)
        .map((wire) => wire.id);
}
