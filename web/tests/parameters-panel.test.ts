import assert from "node:assert/strict";
import { test } from "node:test";

import { channelLink, choose, groupOf, setLinkMode, toggleChosen } from "../src/parameters/linkState";
import { crosspointAfter, levelSteps } from "../src/parameters/matrixMoves";
import { reasonToLock } from "../src/parameters/modeLock";
import { parseSpeed, speedAt } from "../src/parameters/speedOfSound";

test("Speeds of sound are typed as such or as the temperature of the air", () => {
    assert.equal(parseSpeed("343"), 343);
    assert.equal(parseSpeed("343,2 m/s"), 343.2);
    assert.equal(parseSpeed("20 °C"), 343.21);
    assert.equal(parseSpeed("68 F"), 343.21);
    assert.equal(parseSpeed("−10C"), Math.round(speedAt(-10) * 100) / 100);
    for (const text of ["", "fast", "10", "9000", "20 K"]) assert.equal(parseSpeed(text), null, text);
});

test("A group is one channel, all, or those that were chosen", () => {
    assert.deepEqual(groupOf({ mode: "off", chosen: [0, 1] }, 1, 4), [1]);
    assert.deepEqual(groupOf({ mode: "relative", chosen: [] }, 1, 3), [0, 1, 2]);
    assert.deepEqual(groupOf({ mode: "absolute", chosen: [0, 2] }, 2, 3), [0, 2]);
    assert.deepEqual(groupOf({ mode: "absolute", chosen: [0, 2] }, 1, 3), [1]);
    assert.deepEqual(groupOf({ mode: "absolute", chosen: [0, 7] }, 0, 3), [0]);
});

test("Choosing a second channel links", () => {
    toggleChosen("gain#1", 2);
    assert.deepEqual(channelLink("gain#1"), { mode: "off", chosen: [2] });
    toggleChosen("gain#1", 0);
    assert.deepEqual(channelLink("gain#1"), { mode: "relative", chosen: [0, 2] });
    toggleChosen("gain#1", 2);
    assert.deepEqual(channelLink("gain#1").chosen, [0]);
    setLinkMode("gain#1", "absolute");
    choose("gain#1", []);
    assert.deepEqual(channelLink("gain#1"), { mode: "absolute", chosen: [] });
    assert.deepEqual(channelLink("gain#2"), { mode: "off", chosen: [] });
});

test("Keys move in a matrix and stop at its edges", () => {
    const at = { row: 1, column: 1 };
    assert.deepEqual(crosspointAfter(at, "ArrowUp", 2, 3, false), { row: 0, column: 1 });
    assert.deepEqual(crosspointAfter(at, "ArrowDown", 2, 3, false), at);
    assert.deepEqual(crosspointAfter(at, "ArrowRight", 2, 3, false), { row: 1, column: 2 });
    assert.deepEqual(crosspointAfter(at, "Home", 2, 3, false), { row: 1, column: 0 });
    assert.deepEqual(crosspointAfter(at, "End", 2, 3, true), { row: 1, column: 2 });
    assert.equal(crosspointAfter(at, "ArrowUp", 2, 3, true), null);
    assert.equal(levelSteps("ArrowUp", true), 1);
    assert.equal(levelSteps("ArrowUp", false), 0);
    assert.equal(levelSteps("PageDown", false), -10);
});

test("Tuning locks what shapes the chain, legacy everything", () => {
    assert.deepEqual(reasonToLock("chain_builder"), { all: null, system: null });
    assert.equal(reasonToLock("tuning").all, null);
    assert.match(reasonToLock("tuning").system ?? "", /tuning mode/);
    assert.match(reasonToLock("legacy").all ?? "", /legacy/);
});
