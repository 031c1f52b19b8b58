import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { design, type FilterType } from "../src/eq/biquad";
import { gridAt, writeGroupDelay, writeMagnitude, writePhase } from "../src/eq/response";

interface Design {
    type: FilterType;
    frequency: number;
    gainDb: number;
    q: number;
    sampleRate: number;
    coefficients: number[];
    db: (number | null)[];
}

interface Measured {
    sampleRate: number;
    bands: { type: FilterType; frequency: number; gainDb: number; q: number }[];
    frequencyHz: number[];
    magnitudeDb: number[];
    phaseDeg: number[];
    groupDelayMs: number[];
}

interface Fixture {
    frequencies: number[];
    designs: Design[];
    measured: Measured[];
}

const root = process.env.SOUNDPOST_ROOT ?? join(process.cwd(), process.cwd().endsWith("web") ? ".." : ".");
const fixture = JSON.parse(readFileSync(join(root, "fixtures/eq/responses.json"), "utf8")) as Fixture;

/** Below this, at the bottom of a notch, nothing is left whose last digits could agree, dB. */
const nothing = -120;

test("levels are the C core's to 1e-9 dB", () => {
    assert.ok(fixture.designs.length >= 400);
    let worst = 0;
    for (const one of fixture.designs) {
        const frequencies = Float64Array.from(fixture.frequencies.slice(0, one.db.length));
        const out = new Float64Array(frequencies.length);
        writeMagnitude(design(one, one.sampleRate), gridAt(one.sampleRate, frequencies), out);
        one.db.forEach((db, i) => {
            if (db !== null && db > nothing) worst = Math.max(worst, Math.abs(out[i] - db));
        });
    }
    assert.ok(worst <= 1e-9, `largest deviation ${worst} dB`);
});

test("coefficients are the C core's to the last bits", () => {
    let worst = 0;
    for (const one of fixture.designs) {
        const c = design(one, one.sampleRate);
        [c.b0, c.b1, c.b2, c.a1, c.a2].forEach((value, i) => {
            worst = Math.max(worst, Math.abs(value - one.coefficients[i]) / Math.max(1, Math.abs(value)));
        });
    }
    assert.ok(worst <= 1e-15, `largest deviation ${worst}`);
});

test("rows of bands are what the running module does", () => {
    for (const measured of fixture.measured) {
        const grid = gridAt(measured.sampleRate, Float64Array.from(measured.frequencyHz));
        const size = measured.frequencyHz.length;
        const [level, phase, delay, one] = [0, 1, 2, 3].map(() => new Float64Array(size));
        for (const band of measured.bands) {
            const section = design(band, measured.sampleRate);
            writeMagnitude(section, grid, one);
            one.forEach((value, i) => (level[i] += value));
            writePhase(section, grid, one);
            one.forEach((value, i) => (phase[i] += value));
            writeGroupDelay(section, grid, one);
            one.forEach((value, i) => (delay[i] += value));
        }
        for (let i = 0; i < size; i++) {
            assert.ok(Math.abs(level[i] - measured.magnitudeDb[i]) < 1e-3, `${measured.frequencyHz[i]} Hz`);
            if (measured.magnitudeDb[i] < -60) continue;
            const turns = ((phase[i] * 180) / Math.PI - measured.phaseDeg[i]) / 360;
            assert.ok(Math.abs(turns - Math.round(turns)) * 360 < 0.02, `phase at ${measured.frequencyHz[i]} Hz`);
            const allowed = 1e-3 + 0.002 * Math.abs(delay[i]);
            assert.ok(Math.abs(delay[i] - measured.groupDelayMs[i]) < allowed, `delay at ${measured.frequencyHz[i]} Hz`);
        }
    }
});
