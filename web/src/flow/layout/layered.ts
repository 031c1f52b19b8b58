import type { Point } from "../chain/modules";
import { SPACE } from "./geometry";

/** A module to lay out; sizes in units of the drawing. */
export interface LayoutNode {
    id: string;
    width: number;
    height: number;
}

/** A wire between modules; `fromY` and `toY` are how far below the tops its ports are. */
export interface LayoutEdge {
    from: string;
    to: string;
    fromY: number;
    toY: number;
}

/** A module, or a place that a long wire passes a layer at. */
interface Slot {
    id?: string;
    layer: number;
    width: number;
    height: number;
    y: number;
    before: Link[];
    after: Link[];
}

/** A wire to a neighbouring layer, with the heights of its ends. */
interface Link {
    slot: Slot;
    own: number;
    other: number;
}

const SWEEPS = 12;

/**
 * Lays a graph out in layers from left to right (after Sugiyama): every module stands right of those that feed it,
 * layers are ordered by the barycentre of their neighbours, and modules move to where their wires run straight.
 */
export function layered(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, Point> {
    const ids = new Set(nodes.map((node) => node.id));
    const wires = edges.filter((edge) => edge.from !== edge.to && ids.has(edge.from) && ids.has(edge.to));
    const ranks = rank(nodes, wires);
    const layers: Slot[][] = [];
    const slots = new Map<string, Slot>();
    const add = (slot: Slot) => {
        (layers[slot.layer] ??= []).push(slot);
        return slot;
    };
    for (const { id, width, height } of nodes) {
        slots.set(id, add({ id, layer: ranks.get(id) ?? 0, width, height, y: 0, before: [], after: [] }));
    }
    for (const wire of wires) string(wire, slots, add);
    for (let layer = 0; layer < layers.length; layer += 1) layers[layer] ??= [];
    order(layers);
    settleHeights(layers);
    const places = new Map<string, Point>();
    let x = 0;
    for (const layer of layers) {
        for (const slot of layer) if (slot.id !== undefined) places.set(slot.id, { x, y: Math.round(slot.y) });
        x += Math.max(0, ...layer.map((slot) => slot.width)) + SPACE.x;
    }
    return places;
}

/** Layers by the longest way from a source; then modules without feeders move up to what they feed. */
function rank(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): Map<string, number> {
    const successors = new Map(nodes.map((node) => [node.id, [] as string[]]));
    const waiting = new Map(nodes.map((node) => [node.id, 0]));
    for (const edge of edges) {
        successors.get(edge.from)?.push(edge.to);
        waiting.set(edge.to, (waiting.get(edge.to) ?? 0) + 1);
    }
    const ranks = new Map<string, number>();
    const open = nodes.map((node) => node.id).filter((id) => waiting.get(id) === 0);
    open.forEach((id) => ranks.set(id, 0));
    const done: string[] = [];
    for (let id = open.shift() ?? unplaced(nodes, ranks, done); id !== undefined; ) {
        done.push(id);
        const own = ranks.get(id) ?? 0;
        for (const next of successors.get(id) ?? []) {
            if (done.includes(next)) continue;
            ranks.set(next, Math.max(ranks.get(next) ?? 0, own + 1));
            const left = (waiting.get(next) ?? 1) - 1;
            waiting.set(next, left);
            if (left === 0) open.push(next);
        }
        id = open.shift() ?? unplaced(nodes, ranks, done);
    }
    for (const { id } of nodes) {
        const next = successors.get(id) ?? [];
        if (!next.length || edges.some((edge) => edge.to === id)) continue;
        const nearest = Math.min(...next.map((each) => ranks.get(each) ?? 0));
        ranks.set(id, Math.max(0, nearest - 1));
    }
    return ranks;
}

/** Within a circle nothing is ready: any module that is left breaks it. */
function unplaced(
    nodes: readonly LayoutNode[],
    ranks: Map<string,
    number>,
    done: readonly string[],
): string | undefined {
    const left = nodes.filter((node) => !done.includes(node.id));
    const chosen = left.find((node) => ranks.has(node.id)) ?? left[0];
    if (chosen && !ranks.has(chosen.id)) ranks.set(chosen.id, 0);
    return chosen?.id;
}

/** Strings a wire through the layers it passes. */
function string(wire: LayoutEdge, slots: ReadonlyMap<string, Slot>, add: (slot: Slot) => Slot): void {
    let from = slots.get(wire.from);
    const to = slots.get(wire.to);
    if (!from || !to || to.layer <= from.layer) return;
    let height = wire.fromY;
    for (let layer = from.layer + 1; layer < to.layer; layer += 1) {
        const passing = add({ layer, width: 0, height: 14, y: 0, before: [], after: [] });
        link(from, height, passing, 7);
        from = passing;
        height = 7;
    }
    link(from, height, to, wire.toY);
}

function link(from: Slot, fromY: number, to: Slot, toY: number): void {
    from.after.push({ slot: to, own: fromY, other: toY });
    to.before.push({ slot: from, own: toY, other: fromY });
}

/** Orders each layer by the mean place of its neighbours, to and fro; the order with the fewest crossings is kept. */
function order(layers: Slot[][]): void {
    let best = layers.map((layer) => [...layer]);
    let least = crossings(layers);
    for (let sweep = 0; sweep < SWEEPS && least > 0; sweep += 1) {
        const isForth = sweep % 2 === 0;
        const range = layers.map((_, at) => (isForth ? at : layers.length - 1 - at));
        for (const at of range) {
            const neighbours = layers[at + (isForth ? -1 : 1)];
            if (!neighbours) continue;
            const place = new Map(neighbours.map((slot, index) => [slot, index]));
            const weights = new Map(
                layers[at].map((slot, index) => {
                    const links = isForth ? slot.before : slot.after;
                    const sum = links.reduce((all, each) => all + (place.get(each.slot) ?? 0) + each.other / 1e5, 0);
                    return [slot, links.length ? sum / links.length : index];
                }),
            );
            layers[at].sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
        }
        const count = crossings(layers);
        if (count < least) {
            least = count;
            best = layers.map((layer) => [...layer]);
        }
    }
    best.forEach((layer, at) => layers[at].splice(0, layer.length, ...layer));
}

function crossings(layers: Slot[][]): number {
    let count = 0;
    for (let at = 0; at + 1 < layers.length; at += 1) {
        const place = new Map(layers[at + 1].map((slot, index) => [slot, index]));
        const ends = layers[at].flatMap((slot) =>
            [...slot.after].sort((a, b) => a.own - b.own).map((each) => (place.get(each.slot) ?? 0) + each.other / 1e5),
        );
        for (let i = 0; i < ends.length; i += 1) {
            for (let j = i + 1; j < ends.length; j += 1) if (ends[i] > ends[j]) count += 1;
        }
    }
    return count;
}

/** Heights: packed first, then each slot goes to the mean of where its wires would be straight, without overlapping. */
function settleHeights(layers: Slot[][]): void {
    for (const layer of layers) {
        let y = 0;
        for (const slot of layer) {
            slot.y = y;
            y += slot.height + SPACE.y;
        }
        for (const slot of layer) slot.y -= y / 2;
    }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        const isForth = sweep % 2 === 0;
        for (const layer of isForth ? layers : [...layers].reverse()) {
            const wishes = layer.map((slot) => wish(slot, isForth ? slot.before : slot.after));
            spread(layer, wishes);
        }
    }
    const top = Math.min(...layers.flatMap((layer) => layer.map((slot) => slot.y)));
    for (const layer of layers) for (const slot of layer) slot.y -= top;
}

function wish(slot: Slot, links: readonly Link[]): number {
    if (!links.length) return slot.y;
    return links.reduce((sum, each) => sum + each.slot.y + each.other - each.own, 0) / links.length;
}

/** Brings slots as near to their wishes as their order and distances allow: least squares by pooling neighbours. */
function spread(layer: Slot[], wishes: readonly number[]): void {
    interface Pool {
        sum: number;
        count: number;
        first: number;
    }
    const offsets: number[] = [];
    let offset = 0;
    layer.forEach((slot, at) => {
        offsets[at] = offset;
        offset += slot.height + (slot.id === undefined ? SPACE.y / 2 : SPACE.y);
    });
    const pools: Pool[] = [];
    layer.forEach((_, at) => {
        pools.push({ sum: wishes[at] - offsets[at], count: 1, first: at });
        while (pools.length > 1) {
            const [a, b] = pools.slice(-2);
            if (a.sum / a.count <= b.sum / b.count) break;
            pools.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count, first: a.first });
        }
    });
    pools.forEach((pool, at) => {
        const end = pools[at + 1]?.first ?? layer.length;
        for (let slot = pool.first; slot < end; slot += 1) layer[slot].y = pool.sum / pool.count + offsets[slot];
    });
}
