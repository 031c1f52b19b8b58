import type { Point } from "../chain/modules";

/** A box on the drawing, in its own units: CSS pixels at zoom 1. */
export interface Box extends Point {
    width: number;
    height: number;
}

/** Size of modules; ports stand in rows below the head. */
export const MODULE = { width: 150, head: 46, row: 26, foot: 8 } as const;
/** Size of the columns with the chain's own ports. */
export const BORDER = { width: 112, head: 34, row: 30, foot: 8 } as const;
/** Positions snap to this when they are moved, in pixels. */
export const GRID = 10;
/** Distance of modules that are added or laid out. */
export const SPACE = { x: 76, y: 30 } as const;
/** Zoom goes from here to there. */
export const ZOOM = { least: 0.1, most: 2.5 } as const;

/** Height of a module with so many ports on the side that has more. */
export function moduleHeight(inputs: number, outputs: number): number {
    return MODULE.head + Math.max(1, inputs, outputs) * MODULE.row + MODULE.foot;
}

/** Height of a border column with so many ports. */
export function borderHeight(ports: number): number {
    return BORDER.head + Math.max(1, ports) * BORDER.row + BORDER.foot;
}

/** Middle of a port, from the upper left corner of its module. */
export function portOffset(direction: "input" | "output", row: number, width: number): Point {
    return { x: direction === "input" ? 0 : width, y: MODULE.head + (row + 0.5) * MODULE.row };
}

/** Middle of a port of a border column; the chain's inputs stand left and face right. */
export function borderPortOffset(side: "input" | "output", row: number): Point {
    return { x: side === "input" ? BORDER.width : 0, y: BORDER.head + (row + 0.5) * BORDER.row };
}

/** The path of a wire, as of SVG. One that runs back goes around. */
export function wirePath(from: Point, to: Point): string {
    const [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map((value) => Math.round(value * 10) / 10);
    const across = x2 - x1;
    if (across >= 24) {
        const bend = Math.min(Math.max(across / 2, 24), 140);
        return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    }
    const bend = 46 + Math.min(90, -across / 4 + 12);
    const middle = (y1 + y2) / 2 + (Math.abs(y1 - y2) < 40 ? 64 : 0);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x1 + bend} ${middle} ${(x1 + x2) / 2} ${middle}`
        + `S${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Where the label of a wire stands: on its middle. */
export function wireMiddle(from: Point, to: Point): Point {
    const isBack = to.x - from.x < 24;
    const lower = isBack && Math.abs(from.y - to.y) < 40 ? 64 : 0;
    return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + lower };
}

/** The smallest box around others; undefined for none. */
export function around(boxes: Iterable<Box>): Box | undefined {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const box of boxes) {
        left = Math.min(left, box.x);
        top = Math.min(top, box.y);
        right = Math.max(right, box.x + box.width);
        bottom = Math.max(bottom, box.y + box.height);
    }
    return right < left ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

/** Whether two boxes share some of their area. */
export function overlaps(a: Box, b: Box): boolean {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** The box between two points. */
export function boxBetween(a: Point, b: Point): Box {
    return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** The place nearest below or right of `wish` where a box overlaps none of the others. */
export function freePlace(wish: Box, others: readonly Box[]): Point {
    let place = { ...wish };
    for (let tries = 0; tries < 200; tries += 1) {
        const inTheWay = others.find((other) => overlaps(place, grown(other, 12)));
        if (!inTheWay) break;
        place = { ...place, y: inTheWay.y + inTheWay.height + SPACE.y };
    }
    return { x: snapped(place.x), y: snapped(place.y) };
}

function grown(box: Box, by: number): Box {
    return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

/** The nearest multiple of the grid. */
export function snapped(value: number): number {
    return Math.round(value / GRID) * GRID;
}

/** How the drawing is seen: screen = drawing · scale + offset. */
export interface View {
    scale: number;
    x: number;
    y: number;
}

/** A point of the drawing for one of the screen. */
export function toDrawing(view: View, point: Point): Point {
    return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

/** Zooms about a point of the screen, which stays where it is. */
export function zoomed(view: View, factor: number, about: Point): View {
    const scale = Math.min(ZOOM.most, Math.max(ZOOM.least, view.scale * factor));
    const ratio = scale / view.scale;
    return { scale, x: about.x - (about.x - view.x) * ratio, y: about.y - (about.y - view.y) * ratio };
}

/** The view that shows a box whole, in the middle, not larger than life. */
export function fitted(box: Box | undefined, width: number, height: number, margin = 40): View {
    if (!box || width <= 0 || height <= 0) return { scale: 1, x: width / 2, y: height / 2 };
    const room = (length: number) => Math.max(40, length - 2 * margin);
    const wanted = Math.min(room(width) / Math.max(1, box.width), room(height) / Math.max(1, box.height), 1);
    const scale = Math.max(ZOOM.least, wanted);
    return {
        scale,
        x: width / 2 - (box.x + box.width / 2) * scale,
        y: height / 2 - (box.y + box.height / 2) * scale,
    };
}

/** The least zoom at which a chain is first shown; larger ones are cut off on the right, not made unreadable. */
const READABLE = 0.55;

/** The view in which a chain is first shown: whole, or from its left end on where it would be too small to read. */
export function opening(box: Box | undefined, width: number, height: number): View {
    const whole = fitted(box, width, height, 20);
    if (!box || whole.scale >= READABLE) return whole;
    return { scale: READABLE, x: 20 - box.x * READABLE, y: height / 2 - (box.y + box.height / 2) * READABLE };
}

/** How far a view must move, in pixels of the screen, for a box of the drawing to lie within it. */
export function revealing(view: View, box: Box, width: number, height: number, margin = 24): View {
    const shift = (from: number, to: number, length: number) => {
        if (from < margin) return margin - from;
        return to > length - margin ? Math.max(length - margin - to, margin - from) : 0;
    };
    const left = box.x * view.scale + view.x;
    const top = box.y * view.scale + view.y;
    return {
        scale: view.scale,
        x: view.x + shift(left, left + box.width * view.scale, width),
        y: view.y + shift(top, top + box.height * view.scale, height),
    };
}
