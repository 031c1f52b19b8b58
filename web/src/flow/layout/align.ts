import type { Point } from "../chain/modules";
import { GRID, snapped } from "./geometry";
import type { Box } from "./geometry";

/** Lines that modules can be brought to. */
export type Alignment = "left" | "centre" | "right" | "top" | "middle" | "bottom";

/** A box with the id of its module. */
export interface NamedBox extends Box {
    id: string;
}

/** Positions that bring boxes to a common line: the outermost edge, or the middle of all. */
export function aligned(boxes: readonly NamedBox[], to: Alignment): Map<string, Point> {
    const isAcross = to === "left" || to === "centre" || to === "right";
    const low = (box: Box) => (isAcross ? box.x : box.y);
    const length = (box: Box) => (isAcross ? box.width : box.height);
    const first = Math.min(...boxes.map(low));
    const last = Math.max(...boxes.map((box) => low(box) + length(box)));
    const part = to === "left" || to === "top" ? 0 : to === "right" || to === "bottom" ? 1 : 0.5;
    return new Map(
        boxes.map((box) => {
            const place = Math.round(first + (last - first - length(box)) * part);
            return [box.id, isAcross ? { x: place, y: box.y } : { x: box.x, y: place }];
        }),
    );
}

/** Positions that leave equal room between boxes; the outermost stay. */
export function distributed(boxes: readonly NamedBox[], axis: "x" | "y"): Map<string, Point> {
    const side = axis === "x" ? "width" : "height";
    const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
    const places = new Map<string, Point>(sorted.map((box) => [box.id, { x: box.x, y: box.y }]));
    if (sorted.length < 3) return places;
    const last = sorted[sorted.length - 1];
    const whole = last[axis] + last[side] - sorted[0][axis];
    const room = (whole - sorted.reduce((sum, box) => sum + box[side], 0)) / (sorted.length - 1);
    let at = sorted[0][axis];
    for (const box of sorted) {
        places.set(box.id, { x: box.x, y: box.y, [axis]: Math.round(at) });
        at += box[side] + room;
    }
    return places;
}

/** A line on which edges or middles of modules agree while one is moved. */
export interface Guide {
    axis: "x" | "y";
    at: number;
    from: number;
    to: number;
}

/** Where a moved box comes to stand, and the lines that held it. */
export interface Snap extends Point {
    guides: Guide[];
}

/**
 * Brings a moved box to edges and middles of others that are near (`reach`, in units of the drawing), else to the grid.
 */
export function snap(box: Box, others: readonly Box[], reach: number): Snap {
    const across = line(box, others, "x", reach);
    const down = line(box, others, "y", reach);
    return {
        x: across ? box.x + across.shift : snapped(box.x),
        y: down ? box.y + down.shift : snapped(box.y),
        guides: [...(across ? [across.guide] : []), ...(down ? [down.guide] : [])],
    };
}

function line(
    box: Box,
    others: readonly Box[],
    axis: "x" | "y",
    reach: number,
): { shift: number; guide: Guide } | undefined {
    const [side, cross, crossSide] =
        axis === "x" ? (["width", "y", "height"] as const) : (["height", "x", "width"] as const);
    const lines = (each: Box) => [each[axis], each[axis] + each[side] / 2, each[axis] + each[side]];
    let best: { shift: number; guide: Guide } | undefined;
    for (const other of others) {
        for (const target of lines(other)) {
            for (const own of lines(box)) {
                const shift = target - own;
                if (Math.abs(shift) > reach || (best && Math.abs(best.shift) <= Math.abs(shift))) continue;
                const from = Math.min(box[cross], other[cross]) - GRID;
                const to = Math.max(box[cross] + box[crossSide], other[cross] + other[crossSide]) + GRID;
                best = { shift, guide: { axis, at: target, from, to } };
            }
        }
    }
    return best;
}
