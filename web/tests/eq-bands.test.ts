import assert from "node:assert/strict";
import { test } from "node:test";
import {
    bandCount, bandKey, changedValues, defaultBand, freeBand, isUntouched, limitsFrom, readBand, sortedByFrequency,
    type Band,
} from "../src/eq/bands";
import { octavesOfQ, qOfSlope, slopeOfQ } from "../src/eq/bandwidth";
import { design } from "../src/eq/biquad";
import { cascade, ordersOf } from "../src/eq/cascade";
import { Curves } from "../src/eq/curves";
import { gridAt, logGrid, seriesMagnitude } from "../src/eq/response";

const limits = limitsFrom([], 48000);
const untouched = (): Band[] => Array.from({ length: bandCount }, () => ({ ...defaultBand }));

test("limits follow the schema and the sample rate", () => {
    assert.deepEqual(limits, {
        frequency: { min: 10, max: 23520 }, gainDb: { min: -30, max: 30 }, q: { min: 0.1, max: 100 },
    });
    const schema = [
        { name: "freq", minValue: 20, maxValue: 0.45, maxIsOfRate: true }, { name: "gainDb", minValue: -12, maxValue: 6 },
    ];
    const read = limitsFrom(schema, 96000);
    assert.equal(read.frequency.max, 43200);
    assert.equal(read.gainDb.max, 6);
    assert.equal(read.q.max, 100);
});

test("a band is read from the values on the wire", () => {
    const values: Record<string, string> = {
        "type#1#3": "lowShelf", "freq#1#3": "120.5", "gainDb#1#3": "-3.5", "q#1#3": "0.5", "bandEnable#1#3": "true",
    };
    const band = readBand((key) => values[key], 1, 3);
    assert.deepEqual(band, { type: "lowShelf", frequency: 120.5, gainDb: -3.5, q: 0.5, isEnabled: true });
    assert.ok(isUntouched(readBand((key) => values[key], 0, 3)));
    assert.equal(bandKey("isEnabled", 0, 19), "bandEnable#0#19");
});

test("only what differs is sent, and the rest is reset", () => {
    const present = untouched();
    present[0] = { type: "peaking", frequency: 100, gainDb: 3, q: Math.fround(0.7071), isEnabled: true };
    present[1] = { type: "notch", frequency: 50, gainDb: 0, q: 30, isEnabled: true };
    const values = changedValues(present, [{ ...present[0], gainDb: 4 }], 1);
    assert.deepEqual(values, {
        "gainDb#1#0": 4, "type#1#1": "peaking", "freq#1#1": 1000, "q#1#1": defaultBand.q, "bandEnable#1#1": false,
    });
    assert.deepEqual(changedValues(present, present, 0), {});
});

test("new bands go to untouched places first, then to those that are off", () => {
    const bands = untouched();
    bands[0] = { ...bands[0], isEnabled: true };
    assert.equal(freeBand(bands), 1);
    const full = bands.map((band) => ({ ...band, isEnabled: true }));
    assert.equal(freeBand(full), undefined);
    full[4] = { ...full[4], frequency: 99, isEnabled: false };
    assert.equal(freeBand(full), 4);
});

test("sorting moves used bands to the front by frequency", () => {
    const bands = untouched();
    bands[2] = { ...bands[2], frequency: 500, isEnabled: true };
    bands[7] = { ...bands[7], frequency: 50, isEnabled: false };
    bands[9] = { ...bands[9], frequency: 200, isEnabled: true };
    const sorted = sortedByFrequency(bands);
    assert.deepEqual(sorted.slice(0, 3).map((band) => band.frequency), [50, 200, 500]);
    assert.equal(sorted.length, bandCount);
});

test("Q says the bandwidth, and slope turns into Q and back", () => {
    assert.ok(Math.abs(octavesOfQ(Math.SQRT2) - 1) < 0.001);
    // Two octaves lie between f/2 and 2f: Q = f / (2f − f/2).
    assert.ok(Math.abs(octavesOfQ(2 / 3) - 2) < 1e-12);
    for (const slope of [0.3, 0.5, 0.9, 1]) {
        assert.ok(Math.abs(slopeOfQ(qOfSlope(slope, 9), 9) - slope) < 1e-12);
    }
    assert.ok(Math.abs(qOfSlope(1, 15) - Math.SQRT1_2) < 1e-12);
    assert.ok(Number.isNaN(qOfSlope(3, 30)));
});

test("Butterworth is 3 dB down and Linkwitz-Riley 6 dB down at the frequency, at the slope of its order", () => {
    const rate = 192000;
    for (const family of ["butterworth", "linkwitzRiley"] as const) {
        for (const order of ordersOf(family)) {
            for (const shape of ["lowPass", "highPass"] as const) {
                const bands = cascade(family, shape, order, 1000);
                const sections = bands.map((band) => design(band, rate));
                const at = (hertz: number): number =>
                    seriesMagnitude(sections, gridAt(rate, Float64Array.of(hertz)))[0];
                const wanted = family === "butterworth" ? -3.0103 : -6.0206;
                assert.ok(Math.abs(at(1000) - wanted) < 0.001, `${family} ${order} ${shape}: ${at(1000)} dB`);
                const far = shape === "lowPass" ? at(4000) - at(2000) : at(250) - at(500);
                assert.ok(Math.abs(far + order * 6.02) < 1.8, `${family} ${order} ${shape}: ${far} dB an octave`);
            }
        }
    }
    assert.deepEqual(cascade("linkwitzRiley", "lowPass", 3, 1000), []);
    assert.deepEqual(cascade("butterworth", "lowPass", 9, 1000), []);
});

test("low and high pass of Linkwitz-Riley add up to an all-pass", () => {
    const grid = logGrid(48000, 20, 20000, 50);
    const db = (["lowPass", "highPass"] as const).map((shape) =>
        seriesMagnitude(cascade("linkwitzRiley", shape, 4, 1500).map((band) => design(band, 48000)), grid),
    );
    db[0].forEach((low, i) => {
        // Of order 4 both are in phase everywhere, so that amplitudes add.
        const sum = Math.pow(10, low / 20) + Math.pow(10, db[1][i] / 20);
        assert.ok(Math.abs(sum - 1) < 1e-4, `${sum}`);
    });
});

test("a drag evaluates the dragged band only", () => {
    const curves = new Curves(logGrid(48000, 10, 23999, 300));
    const bands = untouched().map((band, i) => ({ ...band, frequency: 100 * (i + 1), gainDb: 2, isEnabled: true }));
    curves.update(bands);
    const before = curves.evaluations;
    assert.equal(before, bandCount);
    bands[3] = { ...bands[3], gainDb: 5 };
    assert.ok(curves.update(bands));
    assert.equal(curves.evaluations, before + 1);
    bands[3] = { ...bands[3], isEnabled: false };
    assert.ok(curves.update(bands));
    assert.ok(!curves.update(bands));
    assert.equal(curves.evaluations, before + 1, "turning a band off evaluates nothing");
});

test("the sum of a channel is the sum of its enabled bands, for level, phase and delay", () => {
    const grid = logGrid(48000, 10, 23999, 1200);
    const curves = new Curves(grid);
    const bands = untouched();
    bands[0] = { type: "lowPass", frequency: 2000, gainDb: 0, q: 1, isEnabled: true };
    bands[1] = { type: "peaking", frequency: 300, gainDb: 6, q: 2, isEnabled: true };
    bands[2] = { type: "notch", frequency: 50, gainDb: 0, q: 5, isEnabled: false };
    curves.update(bands);
    const expected = seriesMagnitude([design(bands[0], 48000), design(bands[1], 48000)], grid);
    curves.sum("magnitude").forEach((db, i) => assert.ok(Math.abs(db - expected[i]) < 1e-9));
    const phase = curves.sum("phase");
    const delay = curves.sum("delay");
    // The delay is the slope of the phase.
    for (let i = 5; i < 1100; i++) {
        const w = (k: number): number => 2 * Math.PI * grid.frequencies[k];
        const steepness = (-(phase[i + 1] - phase[i - 1]) / (w(i + 1) - w(i - 1))) * 1000;
        assert.ok(Math.abs(steepness - delay[i]) < 0.01 * Math.abs(delay[i]) + 0.001, `${grid.frequencies[i]} Hz`);
    }
});
