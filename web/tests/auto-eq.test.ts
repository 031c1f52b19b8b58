import assert from "node:assert/strict";
import { test } from "node:test";
import { bandCount, bandKey, defaultBand, limitsFrom } from "../src/eq/bands";
import { EqModel } from "../src/eq/model";
import { below, meanLevel, readCurve, thinned, type Curve } from "../src/extensions/autoEq/curve";
import { fitRequest, usualSettings } from "../src/extensions/autoEq/request";
import { readResult } from "../src/extensions/autoEq/result";
import { levelRange } from "../src/extensions/autoEq/scale";
import { unreadyText } from "../src/extensions/states";
import type { Extension, Scalar } from "../src/node/types";

const rate = 48000;
const settings = { ...usualSettings, bands: 5 };

/** Points at equal steps of frequency, as a transform has them. */
function dense(count: number, step: number, level: (hertz: number) => number): Curve {
    const freqs = Array.from({ length: count }, (_, i) => step * (i + 1));
    return { freqs, db: freqs.map(level) };
}

const measured: Curve = { freqs: [20, 200, 2000, 20000], db: [70, 72, 74, 76] };

const answer = {
    bands: [
        { type: "lowShelf", freq: 63, gainDb: -4.5, q: 0.7 },
        { type: "peaking", freq: 2000, gainDb: 3, q: 2 },
    ],
    predictedDb: [73, 73, 73, 73],
    targetDb: [73.1, 73.1, 73.1, 73.1],
    levelOffsetDb: 0.1,
    errorDb: { rmsBefore: 2.2, rmsAfter: 0.1, maxAfter: 0.3 },
    range: [20, 20000],
    notes: ["bands: 2 of 5 are enough"],
};

test("a request says what was chosen", () => {
    const request = fitRequest(measured, settings, rate);
    assert.deepEqual(request, { ...measured, bands: 5, sampleRate: rate, maxGainDb: 12, maxBoostDb: 6 });
});

test("the ends of a range are put in order, and a boost is no more than a gain", () => {
    const request = fitRequest(measured, { ...settings, range: { low: 500, high: 50 }, maxGainDb: 3 }, rate);
    assert.deepEqual(request.range, [50, 500]);
    assert.equal(request.maxBoostDb, 3);
});

test("a slope is a target of one level for each frequency", () => {
    const request = fitRequest(
        { freqs: [500, 2000, 4000], db: [0, 0, 0] }, { ...settings, target: { kind: "slope", dbPerOctave: -1.5 } }, rate,
    );
    assert.deepEqual(request.target, [1.5, -1.5, -3]);
});

test("a target from a file goes as it is, without what only the page knows", () => {
    const curve = { freqs: [10, 30000], db: [3, -3], name: "house.txt", notes: ["x"] };
    const request = fitRequest(measured, { ...settings, target: { kind: "curve", curve } }, rate);
    assert.deepEqual(request.target, { freqs: [10, 30000], db: [3, -3] });
});

test("points that the equaliser's rate cannot have are left out", () => {
    assert.deepEqual(fitRequest(measured, settings, 32000).freqs, [20, 200, 2000]);
    assert.equal(below(measured, 1e5), measured);
    assert.deepEqual(below(measured, 20), { freqs: [], db: [] });
});

test("a dense measurement is put together by equal steps of log frequency", () => {
    const curve = dense(60000, 0.36, (hertz) => 70 + Math.log2(hertz));
    const thin = thinned(curve, 1000);
    assert.ok(thin.freqs.length <= 1000 && thin.freqs.length > 400, `${thin.freqs.length} points`);
    assert.ok(thin.freqs.every((hertz, i) => i === 0 || hertz > thin.freqs[i - 1]));
    // The mean of a straight line lies on it.
    thin.freqs.forEach((hertz, i) => assert.ok(Math.abs(thin.db[i] - 70 - Math.log2(hertz)) < 1e-9));
    assert.equal(thin.freqs[0], 0.36);
    assert.equal(thinned(measured), measured);
});

test("a level is the mean over log frequency", () => {
    assert.ok(Math.abs(meanLevel(measured, 20, 20000) - 73) < 1e-12);
    assert.ok(Math.abs(meanLevel(measured, 20, 200) - 71) < 1e-12);
    assert.equal(meanLevel(measured, 21000, 22000), 73);
});

test("an answer without a curve is refused in words", () => {
    assert.deepEqual(readCurve({ freqs: [1, 2], db: [3, 4] }), { freqs: [1, 2], db: [3, 4], notes: [] });
    for (const wrong of [null, {}, { freqs: [1], db: [] }, { freqs: [], db: [] }, { freqs: ["1"], db: [1] }]) {
        assert.throws(() => readCurve(wrong), /has no curve/);
    }
});

test("an answer becomes bands that are on", () => {
    const result = readResult(answer, measured);
    assert.deepEqual(result.bands[0], { type: "lowShelf", frequency: 63, gainDb: -4.5, q: 0.7, isEnabled: true });
    assert.deepEqual(result.error, { rmsBefore: 2.2, rmsAfter: 0.1, maxAfter: 0.3 });
    assert.equal(result.predicted.length, 4);
    assert.deepEqual(result.notes, answer.notes);
});

test("an answer that lacks something is refused with its name", () => {
    const without = (change: object) => () => readResult({ ...answer, ...change }, measured);
    assert.throws(without({ predictedDb: [1] }), /predictedDb/);
    assert.throws(without({ targetDb: undefined }), /targetDb/);
    assert.throws(without({ range: [20] }), /range/);
    assert.throws(without({ errorDb: null }), /errorDb/);
    assert.throws(without({ bands: [{ type: "comb", freq: 1, gainDb: 1, q: 1 }] }), /bands/);
    assert.throws(() => readResult(undefined, measured), /has no/);
});

test("bands of a result take the place of all that were there, in one change", () => {
    const values: Record<string, string> = {};
    for (const channel of [0, 1]) {
        for (let band = 0; band < bandCount; band++) {
            values[bandKey("type", channel, band)] = defaultBand.type;
            values[bandKey("frequency", channel, band)] = String(defaultBand.frequency);
            values[bandKey("gainDb", channel, band)] = "0";
            values[bandKey("q", channel, band)] = String(defaultBand.q);
            values[bandKey("isEnabled", channel, band)] = "false";
        }
        values[bandKey("isEnabled", channel, 2)] = "true";
        values[bandKey("gainDb", channel, 2)] = "9";
    }
    const changes: Record<string, Scalar>[] = [];
    const source = {
        value: (_: string, key: string) => values[key],
        setMany: (_: string, wanted: Record<string, Scalar>) => {
            changes.push(wanted);
        },
    };
    const model = new EqModel(source, "eq#1", rate, limitsFrom([], rate), () => ({ mode: "off", chosen: [] }));
    const { bands } = readResult(answer, measured);
    assert.ok(model.replaceAll(new Map([0, 1].map((channel) => [channel, bands]))));
    assert.equal(changes.length, 1);
    for (const channel of [0, 1]) {
        assert.equal(changes[0][`type#${channel}#0`], "lowShelf");
        assert.equal(changes[0][`freq#${channel}#1`], 2000);
        assert.equal(changes[0][`bandEnable#${channel}#1`], true);
        assert.equal(changes[0][`bandEnable#${channel}#2`], false);
        assert.equal(changes[0][`gainDb#${channel}#2`], 0);
    }
    assert.ok(!("type#0#1" in changes[0]), "what is so already is not sent");
});

test("the plot reaches as far as the curves within the range", () => {
    assert.equal(levelRange(measured.freqs, [measured.db], 73, 20, 20000), 6);
    assert.equal(levelRange([20, 200], [[0, -10], [0, 4]], 0, 20, 200), 12);
    assert.equal(levelRange([5, 200], [[-90, 2]], 0, 20, 200), 6);
    assert.equal(levelRange([20], [[-90]], 0, 20, 200), 30);
});

test("a state that allows no question is said in words", () => {
    const extension: Extension = { id: "auto_eq", name: "Automatic equaliser", state: "ready", handlers: [], restarts: 0 };
    assert.equal(unreadyText(extension), undefined);
    assert.match(unreadyText({ ...extension, state: "starting" }) ?? "", /^Automatic equaliser is starting\.$/);
    assert.match(
        unreadyText({ ...extension, state: "failed", message: "it ended with status 1" }) ?? "", /given up.*it ended with status 1\.$/,
    );
});
