import { drawnAt } from "./drawing";
import type { Drawing, ModuleView } from "./drawing";
import type { Point } from "./chain/modules";

/** Where an arrow key leads. */
export type Direction = "left" | "right" | "up" | "down";

/**
 * The module that an arrow key leads to: left and right along wires, the nearest in height first, then up and down, and
 * where no wire leads, to the nearest in that direction. Undefined at the border.
 */
export function neighbour(drawing: Drawing, id: string, direction: Direction): string | undefined {
    const own = drawing.byID.get(id);
    if (!own) return undefined;
    if (direction === "left" || direction === "right") {
        const wired = drawing.wires.flatMap((wire) => {
            const [from, to] = [drawnAt(wire.from, "start"), drawnAt(wire.to, "end")];
            return direction === "right" ? (from === id ? [to] : []) : to === id ? [from] : [];
        });
        const nearest = closest(own, views(drawing, wired), (distance) => Math.abs(distance.y));
        if (nearest) return nearest;
    }
    const others = drawing.modules.filter((module) => module.id !== id);
    const ahead = others.filter((module) => isAhead(offset(own, module), direction));
    const across = direction === "left" || direction === "right";
    return closest(own, ahead, ({ x, y }) => (across ? Math.abs(x) + 3 * Math.abs(y) : Math.abs(y) + 3 * Math.abs(x)));
}

/** Modules in reading order: columns from left to right, each from the top. */
export function readingOrder(drawing: Drawing): string[] {
    return [...drawing.modules]
        .sort((a, b) => Math.round((a.box.x - b.box.x) / 60) || a.box.y - b.box.y || a.box.x - b.box.x)
        .map((module) => module.id);
}

function views(drawing: Drawing, ids: readonly string[]): ModuleView[] {
    return ids.flatMap((id) => drawing.byID.get(id) ?? []);
}

function offset(from: ModuleView, to: ModuleView): Point {
    return {
        x: to.box.x + to.box.width / 2 - from.box.x - from.box.width / 2,
        y: to.box.y + to.box.height / 2 - from.box.y - from.box.height / 2,
    };
}

function isAhead({ x, y }: Point, direction: Direction): boolean {
    if (direction === "left") return x < -8 && Math.abs(x) >= Math.abs(y) / 3;
    if (direction === "right") return x > 8 && Math.abs(x) >= Math.abs(y) / 3;
    return direction === "up" ? y < -8 && Math.abs(y) >= Math.abs(x) / 3 : y > 8 && Math.abs(y) >= Math.abs(x) / 3;
}

function closest(
    own: ModuleView,
    others: readonly ModuleView[],
    cost: (distance: Point) => number,
): string | undefined {
    let best: string | undefined;
    let least = Infinity;
    for (const other of others) {
        const distance = cost(offset(own, other));
        if (distance < least) [best, least] = [other.id, distance];
    }
    return best;
}
