import type { LinkConfig, Port } from "../../node/types";
import { chainShown, makeExplicit, settle } from "./at";
import type { At } from "./at";
import { freePortID } from "./ids";
import { BOUNDARY, EditError, endOf, externalPorts, nodeOf, startOf } from "./model";
import type { End } from "./model";
import { describeOuterPorts } from "./ports";

/** Adds an input or output to the chain shown. Nodes that contain the chain get the port too. Returns the port's id. */
export function addExternalPort(at: At, direction: "input" | "output"): string {
    makeExplicit(at);
    const ports = ownPorts(at);
    const id = freePortID(ports.map((port) => port.id), direction === "input" ? "in" : "out");
    const isRoot = at.key === at.link.rootChainId;
    ports.push({
        id,
        direction,
        channels: isRoot ? at.link.global.channels : -1,
        sampleRate: -1,
        label: direction === "input" ? `In ${count(ports, direction) + 1}` : `Out ${count(ports, direction) + 1}`,
        required: direction === "output",
    });
    passOn(at.link, at.key);
    return id;
}

/** Takes an external port out, with its wires inside and around the chain. */
export function removeExternalPort(at: At, id: string): void {
    makeExplicit(at);
    const chain = chainShown(at);
    const removed = ownPorts(at).find((port) => port.id === id);
    chain.externalPorts = ownPorts(at).filter((port) => port.id !== id);
    const isInput = removed?.direction === "input";
    chain.edges = chain.edges.filter((edge) => {
        const end = isInput ? startOf(edge) : endOf(edge);
        return end.module !== BOUNDARY || end.port !== id;
    });
    passOn(at.link, at.key);
    for (const outer of Object.values(at.link.chains)) {
        const around = new Set(outer.nodes.filter((node) => node.subGraphId === at.key).map((node) => node.instanceId));
        const isGone = (end: End) => around.has(end.module) && end.port === id;
        outer.edges = outer.edges.filter((edge) => !isGone(startOf(edge)) && !isGone(endOf(edge)));
    }
    settle(at.link, at.library);
}

/** Labels a port of a module, or of the chain shown when `module` is `$io`. */
export function labelPort(at: At, module: string, id: string, label: string): void {
    portOf(at, module, id).label = label.trim() || id;
    if (module === BOUNDARY) passOn(at.link, at.key);
}

/** States how many channels a port has; −1 leaves it to the wire. */
export function setChannels(at: At, module: string, id: string, channels: number): void {
    if (channels !== -1 && !(Number.isInteger(channels) && channels >= 1 && channels <= 64)) {
        throw new EditError("A port has 1 to 64 channels.");
    }
    portOf(at, module, id).channels = channels;
    settle(at.link, at.library);
}

function portOf(at: At, module: string, id: string): Port {
    const ports = module === BOUNDARY ? ownPorts(at) : nodeOf(chainShown(at), module).ports ?? [];
    const port = ports.find((each) => each.id === id);
    if (!port) throw new EditError(`The port “${id}” is not there any more.`);
    return port;
}

/** The chain's own list of ports, written out when the file leaves it to be implied. */
function ownPorts(at: At): Port[] {
    const chain = chainShown(at);
    chain.externalPorts = externalPorts(at.link, chain);
    return chain.externalPorts;
}

function count(ports: readonly Port[], direction: string): number {
    return ports.filter((port) => port.direction === direction).length;
}

/** Lists the ports of a chain at the nodes that contain it; what those state of a port stays. */
function passOn(link: LinkConfig, key: string): void {
    const described = describeOuterPorts(link, link.chains[key]);
    for (const chain of Object.values(link.chains)) {
        for (const node of chain.nodes) {
            if (node.subGraphId !== key) continue;
            node.ports = described.map((port) => {
                const known = node.ports?.find((each) => each.id === port.id);
                return known ? { ...known, label: port.label } : { ...port };
            });
        }
    }
}
