import assert from "node:assert/strict";
import { test } from "node:test";

import { linkedValues } from "../src/parameters/linking";
import { Quantity } from "../src/parameters/quantity";
import { randomNumbers } from "./randomNumbers";

const level: Quantity = { kind: "level", unit: "dB" };
const frequency: Quantity = { kind: "frequency", unit: "Hz" };
const delay: Quantity = { kind: "delay", unit: "samples" };
const decibels = { min: -120, max: 24 };

test("Unlinked, only the one that was changed changes", () => {
    assert.deepEqual(linkedValues({ a: -6, b: 0 }, "a", -3, "off", level, decibels), { a: -3 });
});

test("Linked absolutely, all become the same", () => {
    assert.deepEqual(linkedValues({ a: -6, b: 0, c: -120 }, "a", -3, "absolute", level, decibels),
        { a: -3, b: -3, c: -3 });
});

test("Linked relatively, differences of levels and delays and ratios of frequencies are kept", () => {
    assert.deepEqual(linkedValues({ a: -6, b: 0 }, "a", -3, "relative", level, decibels), { a: -3, b: 3 });
    assert.deepEqual(linkedValues({ a: 96, b: 10 }, "b", 20, "relative", delay, { min: 0, max: 96000 }),
        { a: 106, b: 20 });
    assert.deepEqual(linkedValues({ a: 100, b: 1000 }, "a", 200, "relative", frequency, { min: 20, max: 20000 }),
        { a: 200, b: 2000 });
});

test("A relative movement ends where the first member reaches its limit", () => {
    assert.deepEqual(linkedValues({ a: -6, b: 20 }, "a", 10, "relative", level, decibels), { a: -2, b: 24 });
    assert.deepEqual(linkedValues({ a: 96, b: 10 }, "a", 0, "relative", delay, { min: 0, max: 96000 }),
        { a: 86, b: 0 });
});

test("Silent members stay silent and hold nobody back; a silent one that is raised moves alone", () => {
    assert.deepEqual(linkedValues({ a: -6, b: -120 }, "a", -20, "relative", level, decibels), { a: -20 });
    assert.deepEqual(linkedValues({ a: -120, b: -6 }, "a", -20, "relative", level, decibels), { a: -20 });
});

test("There and back within one movement leaves everything as it was", () => {
    const numbers = randomNumbers(200);
    for (let i = 0; i + 3 < numbers.length; i += 1) {
        const start = { a: -60 + 60 * numbers[i], b: -60 + 60 * numbers[i + 1], c: -60 + 60 * numbers[i + 2] };
        const back = linkedValues(start, "a", start.a, "relative", level, decibels);
        for (const member of ["a", "b", "c"] as const) assert.ok(Math.abs(back[member] - start[member]) < 1e-6);
        const away = linkedValues(start, "a", -120 + 144 * numbers[i + 3], "relative", level, decibels);
        assert.ok(Math.abs(away.b - away.a - (start.b - start.a)) < 1e-6);
        for (const value of Object.values(away)) assert.ok(value >= -120 && value <= 24);
    }
});
