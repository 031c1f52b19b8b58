import assert from "node:assert/strict";
import { test } from "node:test";
import { meansView } from "../src/flow/gestures/space";

/** As much of an element as is asked for. */
function element(name: string, children: Element[] = []): Element {
    const own = {
        matches: (selectors: string) => selectors.split(", ").includes(name),
        contains: (other: Element) => children.includes(other),
    };
    return own as unknown as Element;
}

test("Space moves the view unless a control has the focus that Space presses", () => {
    const body = element("body");
    const module = element(".flow-module");
    const button = element("button");
    const view = element(".flow-view", [module, button]);
    for (const isLedByKeys of [false, true]) {
        for (const active of [null, body, view, module]) assert.ok(meansView(active, view, body, isLedByKeys));
        for (const active of [element("input"), element("select"), element(".flow-module")]) {
            assert.ok(!meansView(active, view, body, isLedByKeys));
        }
    }
    assert.ok(!meansView(button, view, body, true));
    assert.ok(meansView(button, view, body, false), "a button that was clicked");
});
