import assert from "node:assert/strict";
import { test } from "node:test";
import { aligned, distributed, snap } from "../src/flow/layout/align";
import {
    around,
    boxBetween,
    fitted,
    freePlace,
    overlaps,
    revealing,
    toDrawing,
    wirePath,
    zoomed,
} from "../src/flow/layout/geometry";
import { layered } from "../src/flow/layout/layered";
import { randomNumbers } from "./randomNumbers";

const box = (id: string, x: number, y: number, width = 100, height = 50) => ({ id, x, y, width, height });

test("boxes come to a common line", () => {
    const boxes = [box("a", 0, 0), box("b", 50, 100, 60), box("c", 200, 40)];
    const xs = (to: "left" | "centre" | "right") => [...aligned(boxes, to).values()].map((at) => at.x);
    assert.deepEqual(xs("left"), [0, 0, 0]);
    assert.deepEqual(xs("right"), [200, 240, 200]);
    assert.deepEqual(xs("centre"), [100, 120, 100]);
    assert.deepEqual([...aligned(boxes, "bottom").values()].map((at) => at.y), [100, 100, 100]);
    assert.deepEqual([...aligned(boxes, "top").values()].map((at) => at.x), [0, 50, 200]);
});

test("boxes are distributed with equal room, the outermost stay", () => {
    const places = distributed([box("b", 120, 0), box("a", 0, 0), box("c", 500, 0)], "x");
    assert.deepEqual([places.get("a")?.x, places.get("b")?.x, places.get("c")?.x], [0, 250, 500]);
    assert.deepEqual([...distributed([box("a", 0, 0), box("b", 9, 0)], "x").values()].map((at) => at.x), [0, 9]);
});

test("a moved box snaps to edges that are near, else to the grid", () => {
    const near = snap(box("a", 203, 97), [box("b", 0, 100)], 6);
    assert.deepEqual([near.x, near.y], [200, 100]);
    assert.ok(near.guides.some((guide) => guide.axis === "y" && guide.at === 100));
    const far = snap(box("a", 347, 333), [box("b", 0, 100)], 6);
    assert.deepEqual([far.x, far.y, far.guides.length], [350, 330, 0]);
});

test("zooming keeps the point under the pointer", () => {
    const view = { scale: 0.8, x: 30, y: -20 };
    const before = toDrawing(view, { x: 200, y: 120 });
    const after = toDrawing(zoomed(view, 1.7, { x: 200, y: 120 }), { x: 200, y: 120 });
    assert.ok(Math.abs(before.x - after.x) < 1e-9 && Math.abs(before.y - after.y) < 1e-9);
    assert.equal(zoomed(view, 1000, { x: 0, y: 0 }).scale, 2.5);
});

test("fitting shows the whole, and not larger than life", () => {
    const view = fitted({ x: 100, y: 100, width: 2000, height: 100 }, 880, 480);
    assert.equal(view.scale, 0.4);
    assert.equal(fitted({ x: 0, y: 0, width: 10, height: 10 }, 880, 480).scale, 1);
    assert.equal(fitted(undefined, 880, 480).scale, 1);
});

test("revealing moves no further than it must", () => {
    const view = { scale: 1, x: 0, y: 0 };
    assert.deepEqual(revealing(view, { x: 100, y: 100, width: 50, height: 50 }, 400, 300), view);
    assert.equal(revealing(view, { x: 380, y: 100, width: 50, height: 50 }, 400, 300).x, -54);
    assert.equal(revealing(view, { x: -60, y: 100, width: 50, height: 50 }, 400, 300).x, 84);
});

test("a new module finds a free place", () => {
    const others = [box("a", 0, 0), box("b", 0, 90)];
    const place = freePlace({ x: 10, y: 10, width: 100, height: 50 }, others);
    assert.ok(!others.some((other) => overlaps({ ...place, width: 100, height: 50 }, other)));
    assert.deepEqual(freePlace({ x: 500, y: 0, width: 10, height: 10 }, others), { x: 500, y: 0 });
});

test("boxes around boxes", () => {
    assert.deepEqual(around([box("a", 0, 0), box("b", 200, 100)]), { x: 0, y: 0, width: 300, height: 150 });
    assert.equal(around([]), undefined);
    assert.deepEqual(boxBetween({ x: 5, y: 9 }, { x: 1, y: 2 }), { x: 1, y: 2, width: 4, height: 7 });
});

test("paths are finite wherever their ends are", () => {
    for (const x of [-500, -10, 0, 10, 24, 500]) {
        for (const y of [-300, 0, 30]) assert.match(wirePath({ x: 0, y: 0 }, { x, y }), /^M[-\d. CS]+$/);
    }
});

test("a laid-out chain runs from left to right without overlaps", () => {
    const numbers = randomNumbers(2000, 3);
    const nodes = Array.from({ length: 60 }, (_, n) => ({ id: `m${n}`, width: 176, height: 80 + (n % 3) * 26 }));
    const edges = nodes.slice(1).flatMap((node, n) => {
        const from = (k: number) => `m${Math.floor(numbers[(n * 3 + k) % 2000] * (n + 0.999))}`;
        return [{ from: from(0), to: node.id, fromY: 60, toY: 60 }, { from: from(1), to: node.id, fromY: 60, toY: 86 }];
    });
    const places = layered(nodes, edges);
    const boxes = nodes.map((node) => ({ ...node, ...(places.get(node.id) ?? { x: NaN, y: NaN }) }));
    for (const edge of edges) assert.ok((places.get(edge.from)?.x ?? 0) < (places.get(edge.to)?.x ?? 0));
    for (const a of boxes) for (const b of boxes) assert.ok(a === b || !overlaps(a, b), `${a.id} over ${b.id}`);
});

test("a row is laid out straight, at one height", () => {
    const nodes = ["a", "b", "c"].map((id, n) => ({ id, width: 176, height: n === 1 ? 160 : 80 }));
    const edges = [
        { from: "a", to: "b", fromY: 59, toY: 59 },
        { from: "b", to: "c", fromY: 59, toY: 59 },
    ];
    assert.deepEqual(new Set([...layered(nodes, edges).values()].map((at) => at.y)).size, 1);
});

test("a circle is laid out too, and 200 modules in no time worth naming", () => {
    const nodes = ["a", "b"].map((id) => ({ id, width: 10, height: 10 }));
    const circle = [
        { from: "a", to: "b", fromY: 0, toY: 0 },
        { from: "b", to: "a", fromY: 0, toY: 0 },
    ];
    assert.equal(layered(nodes, circle).size, 2);
    assert.equal(layered([], []).size, 0);
    const many = Array.from({ length: 200 }, (_, n) => ({ id: `m${n}`, width: 176, height: 80 }));
    const long = many.slice(1).map((node, n) => ({ from: `m${Math.floor(n / 2)}`, to: node.id, fromY: 59, toY: 59 }));
    assert.equal(layered(many, long).size, 200);
});
