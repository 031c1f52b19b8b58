import assert from "node:assert/strict";
import { test } from "node:test";

import type { ParameterSchema } from "../src/node/types";
import { Law, lawOf } from "../src/parameters/law";
import { Quantity, rangeOf } from "../src/parameters/quantity";
import { randomNumbers } from "./randomNumbers";

const level: Quantity = { kind: "level", unit: "dB" };
const frequency: Quantity = { kind: "frequency", unit: "Hz" };
const time: Quantity = { kind: "time", unit: "ms" };
const delay: Quantity = { kind: "delay", unit: "samples" };
const count: Quantity = { kind: "count", unit: "" };
const ratio: Quantity = { kind: "ratio", unit: "" };

const laws: Record<string, [Law, Quantity]> = {
    gain: [lawOf(level, { min: -120, max: 24 }), level],
    bell: [lawOf(level, { min: -30, max: 30 }), level],
    tone: [lawOf(level, { min: -120, max: 0 }), level],
    ceiling: [lawOf(level, { min: -40, max: 0 }), level],
    frequency: [lawOf(frequency, { min: 20, max: 20000 }), frequency],
    release: [lawOf(time, { min: 1, max: 2000 }), time],
    smooth: [lawOf(time, { min: 0, max: 1000 }), time],
    delay: [lawOf(delay, { min: 0, max: 96000 }), delay],
    ways: [lawOf(count, { min: 2, max: 5 }), count],
    q: [lawOf(ratio, { min: 0.1, max: 100 }), ratio],
};

test("Laws suit their numbers", () => {
    const kinds = Object.fromEntries(Object.entries(laws).map(([name, [law]]) => [name, law.kind]));
    assert.deepEqual(kinds, {
        gain: "taper", bell: "linear", tone: "taper", ceiling: "linear", frequency: "logarithmic",
            release: "logarithmic",
        smooth: "power", delay: "power", ways: "linear", q: "logarithmic",
    });
});

test("Positions rise with the values, from 0 to 1", () => {
    for (const [name, [law]] of Object.entries(laws)) {
        const { min, max } = law.range;
        assert.equal(law.position(min), 0, name);
        assert.equal(law.position(max), 1, name);
        assert.equal(law.value(0), min, name);
        assert.equal(law.value(1), max, name);
        assert.equal(law.position(max + 1000), 1, name);
        let last = -1;
        for (let i = 0; i <= 200; i += 1) {
            const position = law.position(min + ((max - min) * i) / 200);
            assert.ok(position > last, `${name} at ${i}`);
            last = position;
        }
    }
});

test("A value comes back from its position, within the rounding of a slider", () => {
    for (const [name, [law, quantity]] of Object.entries(laws)) {
        const { min, max } = law.range;
        for (const part of randomNumbers(300)) {
            const value = min + part * (max - min);
            const back = law.value(law.position(value), true);
            const whole = quantity.kind === "delay" || quantity.kind === "count";
            const slack = whole ? 0.5 : quantity.kind === "level" ? 0.0051 : 1e-4 * Math.abs(value);
            assert.ok(Math.abs(back - value) <= slack + 1e-9, `${name}: ${value} came back as ${back}`);
        }
    }
});

test("0 dB lies high on a fader, and the middle of a frequency slider is the geometric mean", () => {
    assert.ok(Math.abs(laws.gain[0].position(0) - 0.78) < 1e-9);
    assert.equal(laws.frequency[0].value(0.5), 632);
    assert.equal(laws.frequency[0].value(0.5, true), 632.46);
});

test("Every step moves, ends at the limits, and a fine one is smaller", () => {
    for (const [name, [law, quantity]] of Object.entries(laws)) {
        const { min, max } = law.range;
        for (const part of randomNumbers(60)) {
            const whole = quantity.kind === "delay" || quantity.kind === "count";
            const value = whole ? Math.round(min + part * (max - min)) : min + part * (max - min);
            for (const steps of [1, 10, -1, -10]) {
                for (const fine of [false, true]) {
                    const next = law.step(value, steps, fine);
                    assert.ok(next >= min && next <= max, `${name}: ${next}`);
                    const room = steps > 0 ? value < max : value > min;
                    if (room) assert.ok((next - value) * steps > 0,
                        `${name}: ${value} stayed at ${next} (${steps}, ${fine})`);
                }
            }
            if (!whole && value > min && value < max) {
                const coarse = Math.abs(law.step(value, 1, false) - value);
                const small = Math.abs(law.step(value, 1, true) - value);
                assert.ok(small < coarse || law.step(value, 1, false) === max, `${name} at ${value}`);
            }
        }
    }
});

test("Steps are round: half a dB, a sample, a twenty-fourth of an octave", () => {
    const { gain, delay: samples, frequency: hertz } = laws;
    assert.equal(gain[0].step(-6, 1, false), -5.5);
    assert.equal(gain[0].step(-6, 10, false), -1);
    assert.equal(gain[0].step(-6, -1, true), -6.1);
    assert.equal(gain[0].step(-120, 1, false), -119.5);
    assert.equal(samples[0].step(96, 1, false), 97);
    assert.equal(samples[0].step(96, -10, true), 86);
    assert.ok(Math.abs(hertz[0].step(1000, 24, false) - 2000) < 1);
});

test("A schema without limits makes finite numbers only", () => {
    for (const quantity of [level, frequency, time, delay, count, ratio]) {
        for (const limits of [{}, { minValue: -7 }, { maxValue: 50_000 }, { minValue: 30_000 }]) {
            const schema = { name: "x", dims: [], unit: quantity.unit, maxIsOfRate: true, ...limits } as unknown;
            const law = lawOf(quantity, rangeOf(schema as ParameterSchema, 48_000));
            assert.ok(law.range.max > law.range.min);
            const numbers = [-0.1, 0, 0.3, 1, 1.1].flatMap((at) => [law.value(at), law.value(at, true)]);
            for (const from of [0, 1, -1e9, 1e9]) {
                numbers.push(law.position(from), law.step(from, 1, false), law.step(from, -10, true));
            }
            assert.ok(numbers.every((each) => Math.abs(each) < 1e12), `${quantity.kind} ${numbers.join(" ")}`);
        }
    }
});
