import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarged, layoutFrom, moved, opened, resized, sideOf, sizes, toggled, usualLayout } from "../src/frame/layout";

test("what was stored comes back", () => {
    const layout = opened(resized(toggled(usualLayout(), "left", false), "right", 512), "history", false);
    const again = layoutFrom(JSON.parse(JSON.stringify(layout)));
    assert.deepEqual(again, layout);
    assert.equal(again.left.open, false);
    assert.equal(again.right.size, 512);
    assert.equal(again.bottom.tab, "history");
});

test("nonsense in the store becomes the usual layout", () => {
    for (const nonsense of [undefined, null, 7, "x", [], { left: 1 }, { left: { open: "yes", size: "wide", tab: "log" } }]) {
        assert.deepEqual(layoutFrom(nonsense), usualLayout());
    }
    assert.equal(layoutFrom({ left: { size: 1e9 } }).left.size, sizes.left.max);
    assert.equal(layoutFrom({ left: { size: NaN } }).left.size, sizes.left.usual);
});

test("every pane but the flow has a side", () => {
    assert.equal(sideOf("flow"), undefined);
    assert.equal(sideOf("navigator"), "left");
    assert.equal(sideOf("eq"), "right");
    assert.equal(sideOf("log"), "bottom");
});

test("opening a pane shows its side; turning to it does not", () => {
    const hidden = toggled(usualLayout(), "bottom", false);
    assert.equal(opened(hidden, "log", false).bottom.open, true);
    const turned = moved(hidden, "log");
    assert.equal(turned.bottom.open, false);
    assert.equal(turned.bottom.tab, "log");
});

test("sizes stay within bounds", () => {
    assert.equal(resized(usualLayout(), "left", 3).left.size, sizes.left.min);
    assert.equal(resized(usualLayout(), "bottom", 99_999).bottom.size, sizes.bottom.max);
});

test("where panes lie over the flow, one is open at a time", () => {
    const closed = toggled(toggled(usualLayout(), "left", true), "right", true);
    const left = toggled(closed, "left", true);
    assert.equal(left.left.open, true);
    const right = opened(left, "eq", true);
    assert.equal(right.left.open, false);
    assert.equal(right.right.open, true);
});

test("one side is large at a time, and setting a size makes it small", () => {
    const large = enlarged(enlarged(usualLayout(), "right", true), "bottom", true);
    assert.equal(large.right.large, false);
    assert.equal(large.bottom.large, true);
    assert.equal(resized(large, "bottom", 300).bottom.large, false);
});

test("a tablet's first layout leaves room for the flow", () => {
    const layout = usualLayout(1024);
    assert.ok(1024 - 138 - layout.left.size - layout.right.size >= 380);
});
