import assert from "node:assert/strict";
import { test } from "node:test";

import { editText, formatDelay, formatQuantity, formatRange, inRange } from "../src/parameters/format";
import { DelayUnit, delayUnits, Quantity, UnitContext } from "../src/parameters/quantity";
import { parseQuantity } from "../src/parameters/units";
import { randomNumbers } from "./randomNumbers";

const context: UnitContext = { rate: 48000, speedOfSound: 343, delayUnit: "ms" };
const level: Quantity = { kind: "level", unit: "dB" };
const frequency: Quantity = { kind: "frequency", unit: "Hz" };
const time: Quantity = { kind: "time", unit: "ms" };
const delay: Quantity = { kind: "delay", unit: "samples" };
const count: Quantity = { kind: "count", unit: "" };
const ratio: Quantity = { kind: "ratio", unit: "" };

function reads(quantity: Quantity, text: string, value: number, present?: number): void {
    const parsed = parseQuantity(text, quantity, context, present);
    assert.ok(parsed.ok, `${text}: ${parsed.ok ? "" : parsed.reason}`);
    assert.ok(Math.abs(parsed.value - value) <= 1e-9 * Math.abs(value) || parsed.value === value,
        `${text} was read as ${parsed.value}, not ${value}`);
}

function refuses(quantity: Quantity, text: string, words: RegExp): void {
    const parsed = parseQuantity(text, quantity, context);
    assert.ok(!parsed.ok, `${text} was read as ${parsed.ok ? parsed.value : ""}`);
    assert.match(parsed.reason, words);
}

test("Levels are typed with and without a unit, as a percentage or as a factor", () => {
    reads(level, "-6", -6);
    reads(level, "−6", -6);
    reads(level, " - 6 ", -6);
    reads(level, "-3dB", -3);
    reads(level, "-3 DB", -3);
    reads(level, "+4.5 dBFS", 4.5);
    reads(level, "-3,5", -3.5);
    reads(level, ".5", 0.5);
    reads(level, "50%", 20 * Math.log10(0.5));
    reads(level, "100 %", 0);
    reads(level, "2x", 20 * Math.log10(2));
    reads(level, "0%", -Infinity);
    for (const word of ["off", "-inf", "−∞ dB", "−∞", "Silence", "mute"]) reads(level, word, -Infinity);
});

test("Frequencies are typed with prefixes at the end or in the middle", () => {
    reads(frequency, "440 Hz", 440);
    reads(frequency, "440hz", 440);
    reads(frequency, "1k2", 1200);
    reads(frequency, "1K2 Hz", 1200);
    reads(frequency, "1.2k", 1200);
    reads(frequency, "1,2 kHz", 1200);
    reads(frequency, "20k", 20000);
    reads(frequency, "12k5", 12500);
    reads(frequency, "0k5", 500);
    reads(frequency, "1 200", 1200);
    reads(frequency, "1'200.5 Hz", 1200.5);
    reads(frequency, "1.200,5", 1200.5);
    reads(frequency, "1,200.5", 1200.5);
    reads(frequency, "1e3", 1000);
    reads(frequency, "0.02 MHz", 20000);
});

test("Times take units of time, of samples and of the way of sound", () => {
    reads(time, "3ms", 3);
    reads(time, "3", 3);
    reads(time, "0,5 s", 500);
    reads(time, "250 µs", 0.25);
    reads(time, "250us", 0.25);
    reads(time, "48 samples", 1);
    reads(time, "34.3cm", 1);
});

test("Delays become whole samples from every unit", () => {
    reads(delay, "3ms", 144);
    reads(delay, "3", 144);
    reads(delay, "12 cm", Math.round((0.12 / 343) * 48000));
    reads(delay, "1.5 m", Math.round((1.5 / 343) * 48000));
    reads(delay, "120 mm", Math.round((0.12 / 343) * 48000));
    reads(delay, "4 ft", Math.round(((4 * 0.3048) / 343) * 48000));
    reads(delay, "4'", Math.round(((4 * 0.3048) / 343) * 48000));
    reads(delay, "10 in", Math.round((0.254 / 343) * 48000));
    reads(delay, "96 samples", 96);
    reads(delay, "96 smp", 96);
    reads(delay, "0.1 s", 4800);
    const inSamples = parseQuantity("7", delay, { ...context, delayUnit: "samples" });
    assert.deepEqual(inSamples, { ok: true, value: 7 });
    const slower = parseQuantity("1 m", delay, { ...context, speedOfSound: 320 });
    assert.deepEqual(slower, { ok: true, value: 150 });
    const faster = parseQuantity("1 ms", delay, { ...context, rate: 192000 });
    assert.deepEqual(faster, { ok: true, value: 192 });
});

test("Ratios and counts take what suits them", () => {
    reads(ratio, "0,7071", 0.7071);
    reads(ratio, "50%", 0.5);
    reads(ratio, "4:1", 4);
    reads(ratio, "1k", 1000);
    reads(count, "3", 3);
    reads(count, "1k2", 1200);
    reads(count, "1,000,000", 1000000);
});

test("A value in force is changed by what follows a sign and an equals sign", () => {
    reads(level, "+=3", -3, -6);
    reads(level, "-=3 dB", -9, -6);
    reads(frequency, "*=2", 880, 440);
    reads(frequency, "/=2", 220, 440);
    reads(frequency, "+=1k", 1440, 440);
    reads(delay, "+=1 ms", 148, 100);
    refuses(level, "+=50%", /no value yet/);
    const percent = parseQuantity("+=50%", level, context, -6);
    assert.ok(!percent.ok && /difference of levels/.test(percent.reason));
    const nothing = parseQuantity("/=0", level, context, -6);
    assert.ok(!nothing.ok && /factor/.test(nothing.reason));
});

test("What cannot be read is refused with examples", () => {
    refuses(level, "", /Nothing was typed.*-6/);
    refuses(level, "loud", /"loud" is no number.*-6/);
    refuses(level, "3 ms", /"ms" is no unit of a level/);
    refuses(level, "-50%", /factor cannot be negative/);
    refuses(frequency, "3 dB", /"dB" is no unit of a frequency.*1k2/);
    refuses(frequency, "1 mHz", /no unit/);
    refuses(delay, "12 Hz", /no unit of a delay.*12 cm/);
    refuses(time, "1.2.3", /no number/);
    refuses(time, "1,23,456", /no number/);
    refuses(count, "12 dB", /whole number/);
    refuses(ratio, "--3", /no number/);
    refuses(frequency, "1k2k", /no unit/);
    refuses(frequency, "NaN", /no number/);
    refuses(frequency, "0x10", /no unit/);
});

test("What a field shows for typing over is read as the same value", () => {
    const ranges: [Quantity, number, number][] = [
        [level, -120, 24], [frequency, 1, 20000], [time, 0, 5000], [ratio, 0.1, 100],
    ];
    for (const [quantity, min, max] of ranges) {
        for (const part of randomNumbers(400)) {
            const value = Math.fround(min + part * (max - min));
            const parsed = parseQuantity(editText(value, quantity, context), quantity, context);
            assert.ok(parsed.ok);
            assert.equal(Math.fround(parsed.value), value, `${value} ${quantity.kind}`);
        }
    }
});

test("A delay comes back from every unit to the same samples", () => {
    for (const rate of [44100, 48000, 96000, 192000]) {
        for (const unit of delayUnits) {
            for (const part of randomNumbers(100)) {
                const at: UnitContext = { rate, speedOfSound: 320 + 40 * part, delayUnit: unit };
                const samples = Math.round(part * 96000);
                const edited = parseQuantity(editText(samples, delay, at), delay, at);
                assert.deepEqual(edited, { ok: true, value: samples }, `${samples} samples in ${unit} at ${rate}`);
            }
        }
    }
});

test("What is shown is read as the value within the rounding that is shown", () => {
    for (const [quantity, min, max] of [[level, -119, 24], [frequency, 1, 20000], [time, 0.01, 9000]] as const) {
        for (const part of randomNumbers(400)) {
            const value = min + part * (max - min);
            const parsed = parseQuantity(formatQuantity(value, quantity, context), quantity, context);
            assert.ok(parsed.ok);
            const slack = quantity.kind === "level" ? 0.0051 : 6e-4 * value;
            assert.ok(Math.abs(parsed.value - value) <= slack,
                `${value} was shown as ${formatQuantity(value, quantity, context)}`);
        }
    }
    const units: DelayUnit[] = ["ms", "cm", "m", "ft", "samples"];
    for (const unit of units) {
        const parsed = parseQuantity(formatDelay(1234, unit, context), delay, context);
        assert.ok(parsed.ok && Math.abs(parsed.value - 1234) <= 15, unit);
    }
});

test("Values are shown short and with their unit", () => {
    assert.equal(formatQuantity(-6, level, context), "−6.0 dB");
    assert.equal(formatQuantity(-3.25, level, context), "−3.25 dB");
    assert.equal(formatQuantity(-0.001, level, context), "0.0 dB");
    assert.equal(formatQuantity(-120, level, context), "−∞ dB");
    assert.equal(formatQuantity(440, frequency, context), "440 Hz");
    assert.equal(formatQuantity(1200, frequency, context), "1.2 kHz");
    assert.equal(formatQuantity(999.99, frequency, context), "1 kHz");
    assert.equal(formatQuantity(1500, time, context), "1.5 s");
    assert.equal(formatQuantity(1.5, time, context), "1.5 ms");
    assert.equal(formatQuantity(144, delay, context), "3.00 ms");
    assert.equal(formatDelay(144, "cm", context), "102.9 cm");
    assert.equal(formatDelay(144, "samples", context), "144 samples");
    assert.equal(formatQuantity(0.7071, ratio, context), "0.7071");
});

test("What lies outside is refused with the range, silence only where there is silence", () => {
    const range = { min: -120, max: 24 };
    assert.deepEqual(inRange(-Infinity, range, level, context), { ok: true, value: -120 });
    assert.deepEqual(inRange(24.000001, range, level, context), { ok: true, value: 24 });
    const high = inRange(30, range, level, context);
    assert.ok(!high.ok);
    assert.equal(high.reason, "30.0 dB is above what is allowed: −120 to 24 dB.");
    const silent = inRange(-Infinity, { min: -40, max: 0 }, level, context);
    assert.ok(!silent.ok && /^Silence is below what is allowed: −40 to 0 dB\.$/.test(silent.reason));
    assert.equal(formatRange({ min: 0, max: 96000 }, delay, context), "0 to 2000 ms");
    assert.equal(formatRange({ min: 0, max: 96000 }, delay, { ...context, delayUnit: "samples" }),
        "0 to 96000 samples");
});
