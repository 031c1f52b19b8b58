import assert from "node:assert/strict";
import { test } from "node:test";
import { bandCount, defaultBand, limitsFrom, type Band } from "../src/eq/bands";
import { filterTypes } from "../src/eq/biquad";
import { apoText, bandsCsv, curveCsv, rewText } from "../src/eq/export/text";
import { channelName, channelOf } from "../src/eq/import/channels";
import { detectFormat, readDocument } from "../src/eq/import/document";
import { inverse, isStable } from "../src/eq/import/inverse";
import { frequencyNumber, plainNumber } from "../src/eq/import/numbers";
import { planImport, type Plan } from "../src/eq/import/plan";
import { logGrid } from "../src/eq/response";

const rate = 48000;
const limits = limitsFrom([], rate);

function imported(text: string, channelCount = 1, room = bandCount): Plan {
    const document = readDocument(text, { sampleRate: rate, highest: rate / 2 });
    return planImport(document, { sampleRate: rate, limits, channelCount, preamp: "shelf", room });
}

test("numbers are read with either decimal mark and with marks between thousands", () => {
    const style = { decimals: new Set<string>(), isStrict: true, highest: 24000 };
    const read = (text: string): number => frequencyNumber(text, style);
    assert.equal(read("63"), 63);
    assert.equal(read("63.5"), 63.5);
    assert.equal(read("63,5"), 63.5);
    assert.equal(read("1.000"), 1000);
    assert.equal(read("1,250"), 1250);
    assert.equal(read("10,000.5"), 10000.5);
    assert.equal(read("10.000,5"), 10000.5);
    assert.equal(read("1\u00a0250"), 1250);
    assert.equal(read("1\u202f250,5"), 1250.5);
    assert.equal(read("63.125"), 63.125, "63 kHz is beyond half the rate");
    assert.equal(frequencyNumber("12.345", { ...style, isStrict: false, decimals: new Set(["."]) }), 12.345);
    assert.equal(plainNumber("\u22123,5"), -3.5);
    assert.ok(Number.isNaN(plainNumber("`gain`")));
});

test("a text's format is found by its content", () => {
    assert.equal(detectFormat("Filter Settings file\n\nRoom EQ V5.20\nFilter 1: ON None"), "rew");
    assert.equal(detectFormat("Preamp: -3 dB\nFilter 1: ON PK Fc 50 Hz Gain 1 dB Q 1"), "apo");
    assert.equal(detectFormat("biquad1,\nb0=1,"), "coefficients");
    assert.equal(detectFormat("Number Enabled Control Type Frequency(Hz) Gain(dB) Q"), "table");
    assert.equal(detectFormat("Channel,Band,Enabled,Type,Frequency (Hz),Gain (dB),Q,Octaves"), "table");
});

test("what is not a filter is passed over, what cannot be taken is named with its line", () => {
    const plan = imported("# a comment\n\nFilter 1: ON PK Fc 50 Hz Gain 1 dB Q 1\nGraphicEQ: 25 6\nFilter 2: ON None\n");
    assert.equal(plan.bands[0].length, 1);
    assert.deepEqual(plan.reports.map(({ line, isTaken, isHarmless }) => ({ line, isTaken, isHarmless })), [
        { line: 3, isTaken: true, isHarmless: false },
        { line: 4, isTaken: false, isHarmless: false },
        { line: 5, isTaken: false, isHarmless: true },
    ]);
});

test("filters that are off become bands that are off, and give way when there is no room", () => {
    const text = "Filter: OFF PK Fc 50 Hz Gain 1 dB Q 1\nFilter: ON PK Fc 60 Hz Gain 1 dB Q 1";
    assert.deepEqual(imported(text).bands[0].map((band) => band.isEnabled), [false, true]);
    const tight = imported(text, 1, 1);
    assert.deepEqual(tight.bands[0].map((band) => band.frequency), [60]);
    assert.match(tight.reports[0].note, /no band is left/);
});

test("more filters than bands are reported", () => {
    const lines = Array.from({ length: 23 }, (_, i) => `Filter ${i + 1}: ON PK Fc ${100 + i} Hz Gain 1 dB Q 1`);
    const plan = imported(lines.join("\n"));
    assert.equal(plan.bands[0].length, bandCount);
    assert.deepEqual(plan.reports.filter((report) => !report.isTaken).map((report) => report.line), [21, 22, 23]);
});

test("channels are found by name and number", () => {
    assert.equal(channelOf("L", 2), 0);
    assert.equal(channelOf("r", 2), 1);
    assert.equal(channelOf("2", 2), 1);
    assert.equal(channelOf("3", 2), undefined);
    assert.equal(channelOf("C", 1), 0);
    assert.equal(channelOf("SUB", 6), 3);
    assert.equal(channelOf("SL", 6), 4);
    assert.equal(channelOf("SL", 8), 6);
    assert.equal(channelOf("SL", 2), undefined);
    for (const count of [1, 2, 4, 6, 8, 12]) {
        for (let channel = 0; channel < count; channel++) {
            assert.equal(channelOf(channelName(channel, count), count), channel);
        }
    }
});

test("coefficients of every type are recognised", () => {
    const found = inverse([1, -1.9, 0.95], [1, -1.9, 0.95], rate);
    assert.deepEqual(found, { filters: [], gainDb: 0, isInverted: false });
    assert.ok(!isStable([1, -2.1, 1.05]));
    assert.equal(inverse([1, 0, 0], [1, -2.1, 1.05], rate), undefined);
});

/** A band of each type, with numbers of many digits. */
function everyType(): Band[] {
    const used = filterTypes.map((type, i) => ({
        type,
        frequency: Math.fround(31.251 * Math.pow(1.9, i)),
        gainDb: Math.fround(-7.3 + 1.71 * i),
        q: Math.fround(0.31 + 0.57 * i),
        isEnabled: i !== 3,
    }));
    return [...used, ...Array.from({ length: bandCount - used.length }, () => ({ ...defaultBand }))];
}

function isNear(a: Band, b: Band): boolean {
    const near = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-5 * Math.abs(x);
    const shelves = ["peaking", "lowShelf", "highShelf"];
    return a.type === b.type && a.isEnabled === b.isEnabled && near(a.frequency, b.frequency) &&
        (a.type.endsWith("1") || near(a.q, b.q)) && (!shelves.includes(a.type) || near(a.gainDb, b.gainDb));
}

test("what is exported is what is imported again", () => {
    const bands = everyType();
    const used = bands.slice(0, filterTypes.length);
    const rew = rewText(bands, "main", new Date(0));
    assert.equal(rew.left.length, 1, "REW has no band pass");
    const fromRew = imported(rew.text).bands[0];
    used.filter((band) => band.type !== "bandPass").forEach((band, i) => assert.ok(isNear(band, fromRew[i]), band.type));
    for (const { text } of [apoText([bands], rate), bandsCsv([bands])]) {
        const again = imported(text).bands[0];
        used.forEach((band, i) => assert.ok(isNear(band, again[i]), `${band.type} in ${text.slice(0, 20)}`));
    }
});

test("channels that differ are written by name", () => {
    const [a, b] = [everyType(), everyType().map((band) => ({ ...band, gainDb: 1 }))];
    const { text } = apoText([a, b], rate);
    assert.match(text, /^Channel: L$/m);
    assert.match(text, /^Channel: R$/m);
    const plan = imported(text, 2);
    assert.equal(plan.bands[1][0].gainDb, 1);
    assert.notEqual(plan.bands[0][0].gainDb, 1);
    assert.doesNotMatch(apoText([a, a], rate).text, /Channel/);
});

test("the curve is a table of levels", () => {
    const grid = logGrid(rate, 10, 20000, 11);
    const rows = curveCsv([everyType(), []], grid).text.trim().split("\r\n");
    assert.equal(rows[0], "Frequency (Hz),Channel 1 (dB),Channel 2 (dB)");
    assert.equal(rows.length, 12);
    assert.match(rows[5], /,0\.0000$/);
});
