import { drawnAt } from "./drawing";
import type { Drawing, ModuleView, WireView } from "./drawing";

/** Several things in words: "gain#1", "gain#1 and eq#1", "5 modules". */
export function listed(ids: readonly string[], plural = "modules"): string {
    if (ids.length > 2) return `${ids.length} ${plural}`;
    return ids.join(" and ");
}

/** A module for a screen reader: what it is, its state, what is wrong, and where its wires lead. */
export function spoken(module: ModuleView, drawing: Drawing): string {
    const name = (id: string) => drawing.byID.get(id)?.title ?? id;
    const into = drawing.wires.filter((wire) => drawnAt(wire.to, "end") === module.id);
    const from = drawing.wires.filter((wire) => drawnAt(wire.from, "start") === module.id);
    const faults = [...module.faults, ...[...module.inputs, ...module.outputs].flatMap((port) => port.fault ?? [])];
    return [
        module.kind === "border" ? `The chain's ${module.title.toLowerCase()}` : module.title,
        module.kind === "border" || module.title === module.id ? "" : module.id,
        module.kind === "border" ? "" : module.type,
        module.kind === "group" ? `${module.inside} modules inside` : "",
        module.enabled ? "" : "bypassed",
        into.length ? `from ${[...new Set(into.map((wire) => name(drawnAt(wire.from, "start"))))].join(", ")}` : "",
        from.length ? `to ${[...new Set(from.map((wire) => name(drawnAt(wire.to, "end"))))].join(", ")}` : "",
        faults.length ? `faults: ${faults.join(" ")}` : "",
        module.faultsInside ? `${module.faultsInside} faults inside` : "",
    ]
        .filter((part) => part !== "")
        .join(", ");
}

/** "1 channel", "6 channels". */
export function channelCount(channels: number): string {
    return channels === 1 ? "1 channel" : `${channels} channels`;
}

/** A wire in words. */
export function spokenWire(wire: WireView): string {
    const count = wire.channels === undefined ? "" : `, ${channelCount(wire.channels)}`;
    const end = (module: string, port: string) => (module === "$io" ? `the chain's ${port}` : `${module} ${port}`);
    const core = wire.isCrossCore ? ", from one core to another" : "";
    const fault = wire.fault ? `. ${wire.fault}` : "";
    return `${end(wire.from.module, wire.from.port)} to ${end(wire.to.module, wire.to.port)}${count}${core}${fault}`;
}
