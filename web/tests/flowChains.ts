import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { At } from "../src/flow/chain/at";
import { inspect } from "../src/flow/chain/check";
import { originOf } from "../src/flow/chain/signal";
import type { Library } from "../src/flow/chain/model";
import type { Chain, ChainNode, Edge, LinkConfig, ModuleType, PortSchema } from "../src/node/types";

const root = process.env.SOUNDPOST_ROOT ?? join(process.cwd(), process.cwd().endsWith("web") ? ".." : ".");

/** One of examples/chains. */
export function example(name: string): LinkConfig {
    return JSON.parse(readFileSync(join(root, "examples/chains", `${name}.json`), "utf8")) as LinkConfig;
}

function port(id: string, direction: "input" | "output", channels = -1, required = true): PortSchema {
    return { id, direction, channels, required };
}

function type(moduleType: string, instanceName: string, ports: PortSchema[]): ModuleType {
    return { moduleType, instanceName, typeId: "0x1", ports, params: [] };
}

const through = [port("in", "input"), port("out", "output")];
const types = [
    type("channel_gain_v1", "gain", through),
    type("ut_delay_20ch_v1", "delay", through),
    type("common_eq_v1", "eq", through),
    type("matrix_mixer_v1", "mixer", [port("in", "input"), port("out", "output", 0)]),
    type("limiter_v1", "limiter", through),
    type("generator_v1", "generator", [port("out", "output")]),
    type("level_meter_v1", "meter", through),
    type("stereo_v1", "stereo", [port("in", "input", 2), port("out", "output", 2)]),
    type("split_v1", "split", [port("in", "input"), port("low", "output"), port("high", "output", -1, false)]),
];

/** The built-in modules as far as wiring is concerned, and two that the library may get one day. */
export const library: Library = Object.fromEntries(types.map((each) => [each.moduleType, each]));

/** A module with its type's ports. */
export function module(instanceId: string, moduleType: string, order: number, x = 0, y = 0): ChainNode {
    const ports = library[moduleType].ports.map((each) => ({ ...each, channels: -1, sampleRate: -1, label: each.id }));
    return { instanceId, moduleType, order, enabled: true, position: { x, y }, ports };
}

/** A wire in short: "gain#1.out>eq#1.in". */
export function wire(id: string, text: string, channels = -1): Edge {
    const [from, to] = text.split(">").map((end) => end.split("."));
    return { id, fromModule: from[0], fromPort: from[1], toModule: to[0], toPort: to[1], channels, sampleRate: -1 };
}

/** A link with one chain. */
export function link(nodes: ChainNode[], edges: Edge[], channels = 2): LinkConfig {
    const external = { channels, sampleRate: -1, required: true };
    const main: Chain = {
        id: "main",
        name: "Main",
        externalPorts: [
            { ...external, id: "in", direction: "input", label: "In" },
            { ...external, id: "out", direction: "output", label: "Out" },
        ],
        nodes,
        edges,
    };
    return {
        version: "2.2",
        rootChainId: "main",
        global: { channels, sampleRate: 48000, frameSize: 240 },
        chains: { main },
    };
}

/** gain#1 → eq#1 → limiter#1 between the chain's ends. */
export function threeInARow(): LinkConfig {
    return link(
        [
            module("gain#1", "channel_gain_v1", 0, 0, 0),
            module("eq#1", "common_eq_v1", 1, 250, 0),
            module("limiter#1", "limiter_v1", 2, 500, 0),
        ],
        [
            wire("e1", "$io.in>gain#1.in", 2),
            wire("e2", "gain#1.out>eq#1.in", 2),
            wire("e3", "eq#1.out>limiter#1.in", 2),
            wire("e4", "limiter#1.out>$io.out", 2),
        ],
    );
}

/** The root chain of a link, to be edited. */
export function rootOf(own: LinkConfig, key = own.rootChainId): At {
    return { link: own, library, key };
}

/** Codes of what is wrong. */
export function codes(own: LinkConfig): string[] {
    return inspect(own, library).faults.map((fault) => fault.code);
}

/**
 * What a link sounds like: modules with their states, and every wire from source to destination, sub-graphs expanded.
 */
export function sound(own: LinkConfig, renamed: (id: string) => string = (id) => id): string[] {
    const { signal } = inspect(own, library);
    const name = (point: number) => {
        const { kind, module: index, path } = signal.points[point];
        if (index < 0) return `${kind} ${path}`;
        const ports = kind === "moduleInput" ? signal.modules[index].inputs : signal.modules[index].outputs;
        return `${renamed(signal.modules[index].id)}/${kind}${ports.indexOf(point)}`;
    };
    const lines = signal.modules.map((each) => `${renamed(each.id)} ${each.enabled}`);
    signal.points.forEach((point, index) => {
        if (point.kind !== "moduleInput" && point.kind !== "externalOutput") return;
        const origin = originOf(signal, index);
        if (origin === undefined) return;
        lines.push(
            origin === index ? `nothing > ${name(index)}` : `${name(origin)} > ${name(index)} ${point.channels}`,
        );
    });
    return lines.sort();
}

/** Wires of a chain in short, sorted. */
export function wires(own: LinkConfig, key = own.rootChainId): string[] {
    return own.chains[key].edges
        .map((edge) => `${edge.fromModule}.${edge.fromPort}>${edge.toModule}.${edge.toPort}`)
        .sort();
}

/** Complains about what no edit may ever leave: ids that are there twice, wires and sub-graphs that lead nowhere. */
export function structureFaults(own: LinkConfig): string[] {
    const structural = ["duplicate_id", "bad_id", "dangling_edge", "bad_direction", "missing_subgraph", "missing_port"];
    const others = ["unknown_port", "repeated_connection", "unknown_module_type", "circular_subgraph", "missing_chain"];
    const found = inspect(own, library).faults.filter((fault) => [...structural, ...others].includes(fault.code));
    const misnamed = Object.entries(own.chains).filter(([key, chain]) => chain.id !== key);
    return [
        ...found.map((fault) => `${fault.path}: ${fault.message}`),
        ...misnamed.map(([key]) => `${key} is misnamed`),
    ];
}
