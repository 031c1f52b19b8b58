import assert from "node:assert/strict";
import { test } from "node:test";

import type { ParameterSchema } from "../src/node/types";
import { compareKeys, defaultAt, extentsOf, keyOf, keysOf, parseKey } from "../src/parameters/keys";
import { rangeOf } from "../src/parameters/quantity";
import { elementTitle, titleOf } from "../src/parameters/titles";

const matrix: ParameterSchema = {
    name: "gainDb", paramTypeId: 1, dataType: "float", dims: ["o", "i"], minValue: -120, maxValue: 24, defaultValue: 0,
    unit: "dB", role: "tunable", change: "ramped",
};

test("Keys are taken apart and put together", () => {
    assert.equal(keyOf("enable"), "enable");
    assert.equal(keyOf("freq", 1, 12), "freq#1#12");
    assert.deepEqual(parseKey("freq#1#12"), { name: "freq", indices: [1, 12] });
    assert.deepEqual(parseKey("enable"), { name: "enable", indices: [] });
});

test("Keys sort as the schema and by number", () => {
    const sorted = ["q#0#10", "q#0#2", "freq#1#0", "enable", "freq#0#3",
        "else"].sort(compareKeys(["enable", "freq", "q"]));
    assert.deepEqual(sorted, ["enable", "freq#0#3", "freq#1#0", "q#0#2", "q#0#10", "else"]);
});

test("Extents follow from the keys that the node has", () => {
    const has = (key: string): boolean => {
        const [output, input] = parseKey(key).indices;
        return output < 8 && input < 2;
    };
    assert.deepEqual(extentsOf(matrix, has), [8, 2]);
    assert.deepEqual(extentsOf(matrix, () => false), [0, 0]);
    assert.deepEqual(extentsOf({ ...matrix, dims: [] }, () => true), []);
    assert.equal(keysOf(matrix, [8, 2]).length, 16);
    assert.deepEqual(keysOf(matrix, [2, 2]), ["gainDb#0#0", "gainDb#0#1", "gainDb#1#0", "gainDb#1#1"]);
    assert.deepEqual(keysOf({ ...matrix, dims: [] }, []), ["gainDb"]);
});

test("Crosspoints off the diagonal are silent unless the library says otherwise", () => {
    assert.equal(defaultAt(matrix, [1, 1]), 0);
    assert.equal(defaultAt(matrix, [1, 0]), -120);
    assert.equal(defaultAt({ ...matrix, minValue: undefined } as ParameterSchema, [1, 0]), -120);
    const stated = { ...matrix, defaultOffDiagonal: -60 };
    assert.equal(defaultAt(stated, [1, 0]), -60);
    const table = { ...matrix, dims: ["k"], defaultTable: [200, 1000], defaultValue: 200 } as ParameterSchema;
    assert.equal(defaultAt(table, [1]), 1000);
    assert.equal(defaultAt(table, [5]), 200);
});

test("Ranges may be parts of the sample rate", () => {
    const freq = { ...matrix, minValue: 10, maxValue: 0.49, maxIsOfRate: true };
    assert.deepEqual(rangeOf(freq, 48000), { min: 10, max: 23520 });
});

test("Names become titles", () => {
    const titles = ["gainDb", "freq", "q", "rmsTimeMs", "smoothTime", "delaySamples", "bandEnable", "lookaheadMs",
        "whiteNoise"];
    assert.deepEqual(titles.map(titleOf), ["Gain", "Frequency", "Q", "RMS time", "Smooth time", "Delay", "Band enable",
        "Look-ahead", "White noise"]);
    assert.equal(titleOf("lowPass1"), "Low pass 1");
    assert.equal(elementTitle(matrix, [1, 0]), "Gain, output 2, input 1");
});
