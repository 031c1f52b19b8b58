import assert from "node:assert/strict";
import { test } from "node:test";
import { Axes, hertzOf, levelLines, xOf, yOf } from "../src/meters/spectrum/axes";
import { SpectrumCurve, csvOf, smoothed, spectrumFloorDb, tilted } from "../src/meters/spectrum/curve";
import { Grid, hertzAt, hertzText, indexOf, noteText, pointsPerOctave, valueAt } from "../src/meters/spectrum/grid";

const grid: Grid = { minHz: 20, maxHz: 20_000, count: 240 };
const level = (db: number) => new Array<number>(240).fill(db);

test("grid: frequencies and places are inverse, values between points are interpolated", () => {
    assert.equal(hertzAt(grid, 0), 20);
    assert.ok(Math.abs(hertzAt(grid, 239) - 20_000) < 1e-6);
    for (const hertz of [20, 100, 997, 20_000]) assert.ok(Math.abs(hertzAt(grid, indexOf(grid, hertz)) - hertz) < 1e-6);
    const ramp = level(0).map((_, index) => index);
    assert.ok(Math.abs(valueAt(grid, ramp, hertzAt(grid, 100.5)) - 100.5) < 1e-6);
    assert.deepEqual([valueAt(grid, ramp, 1), valueAt(grid, ramp, 96_000)], [0, 239]);
});

test("notes and frequencies as text", () => {
    const notes = [440, 261.6256, 27.5, 450, 20].map(noteText);
    assert.deepEqual(notes, ["A4 +0 ct", "C4 +0 ct", "A0 +0 ct", "A4 +39 ct", "D♯0 +49 ct"]);
    assert.deepEqual([63, 440.4, 1250, 12_500].map(hertzText), ["63.0 Hz", "440 Hz", "1.25 kHz", "12.5 kHz"]);
});

test("averaging: none shows the newest, infinite the mean power of all, fast is faster than slow", () => {
    const none = new SpectrumCurve();
    const infinite = new SpectrumCurve();
    for (const db of [-10, -20]) {
        none.update(level(db), "none", 0);
        infinite.update(level(db), "infinite", 0);
    }
    assert.ok(Math.abs(none.average[7] + 20) < 1e-4);
    assert.ok(Math.abs(infinite.average[7] - 10 * Math.log10((0.1 + 0.01) / 2)) < 1e-4);
    const fast = new SpectrumCurve();
    const slow = new SpectrumCurve();
    for (const [curve, averaging] of [[fast, "fast"], [slow, "slow"]] as const) {
        curve.update(level(0), averaging, 0);
        for (let now = 50; now <= 250; now += 50) curve.update(level(-140), averaging, now);
    }
    assert.ok(Math.abs(fast.average[3] - 10 * Math.log10(Math.exp(-1))) < 0.01);
    assert.ok(slow.average[3] > -1);
    slow.restart();
    slow.update(level(-50), "slow", 300);
    assert.ok(Math.abs(slow.average[3] + 50) < 1e-4);
});

test("peak hold keeps the highest of each point until it is cleared", () => {
    const curve = new SpectrumCurve();
    curve.update(level(-10), "slow", 0);
    curve.update(level(-30), "slow", 50);
    assert.equal(curve.peak[5], -10);
    curve.clearPeak();
    curve.update(level(-30), "slow", 100);
    assert.equal(curve.peak[5], -30);
    curve.update([-1, -2], "slow", 150);
    assert.equal(curve.average.length, 2);
    assert.equal(new SpectrumCurve().average.length, 0);
});

test("smoothing: keeps what is level, keeps power, and spreads a line over its width", () => {
    for (const octaves of [0, 1 / 12, 1 / 3, 1]) {
        assert.ok(smoothed(grid, level(-37), octaves).every((db) => Math.abs(db + 37) < 0.01));
    }
    const line = level(spectrumFloorDb);
    line[120] = 0;
    const third = smoothed(grid, line, 1 / 3);
    const width = pointsPerOctave(grid) / 3;
    assert.ok(Math.abs(third[120] + 10 * Math.log10(width)) < 0.01);
    const power = third.reduce((sum, db) => sum + 10 ** (db / 10), 0);
    assert.ok(Math.abs(power - 1) < 0.001, `${power}`);
    assert.equal(third.filter((db) => db > -60).length, 9);
    assert.deepEqual([...smoothed(grid, line, 0)], line);
    assert.ok([...smoothed(grid, level(-140), 1)].every((db) => db <= -135));
});

test("tilt turns about 1 kHz", () => {
    const pink = Array.from({ length: 240 }, (_, index) => -20 - 3 * Math.log2(hertzAt(grid, index) / 1000));
    assert.ok(tilted(grid, pink, 3).every((db) => Math.abs(db + 20) < 1e-4));
    assert.ok(Math.abs(valueAt(grid, tilted(grid, level(-20), 4.5), 2000) + 15.5) < 0.01);
});

test("CSV: one row a frequency, names quoted", () => {
    const text = csvOf(grid, [{ name: 'gain#1 "A", out', db: level(-12.345) }, { name: "b", db: level(-1) }]);
    const rows = text.trimEnd().split("\r\n");
    assert.equal(rows.length, 241);
    assert.equal(rows[0], '"Frequency (Hz)","gain#1 ""A"", out (dBFS)","b (dBFS)"');
    assert.equal(rows[1], "20.00,-12.35,-1.00");
});

test("axes: places and values are inverse, and held inside", () => {
    const plot = { x: 40, y: 5, width: 600, height: 200 };
    const axes: Axes = { plot, minHz: 20, maxHz: 20_000, topDb: 0, spanDb: 90 };
    for (const hertz of [20, 440, 20_000]) assert.ok(Math.abs(hertzOf(axes, xOf(axes, hertz)) - hertz) < 1e-6);
    assert.deepEqual([yOf(axes, 10), yOf(axes, -200)], [5, 205]);
    assert.deepEqual([hertzOf(axes, -5), Math.round(hertzOf(axes, 9999))], [20, 20_000]);
    assert.ok(levelLines(axes).every((db) => db <= 0 && db >= -90));
});
