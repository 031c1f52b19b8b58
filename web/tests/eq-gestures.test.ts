import assert from "node:assert/strict";
import { test } from "node:test";
import { Auditioner, type Audition } from "../src/eq/audition";
import { defaultBand, limitsFrom, type Band } from "../src/eq/bands";
import { EqModel, fromHandle, handleDb } from "../src/eq/model";
import { Drag, keyChange } from "../src/eq/movement";
import { delayRange, dbOf, hertzOf, plotOf, xOf, yOf } from "../src/eq/plot";
import type { Scalar } from "../src/node/types";

const limits = limitsFrom([], 48000);
const plot = plotOf(664, 426, 12);
const peak: Band = { type: "peaking", frequency: 1000, gainDb: 3, q: 1, isEnabled: true };

class Values {
    readonly all = new Map<string, string>();
    sent: Record<string, Scalar>[] = [];

    constructor(channels: number) {
        for (let channel = 0; channel < channels; channel++) {
            for (let band = 0; band < 20; band++) {
                this.take({
                    [`type#${channel}#${band}`]: "peaking", [`freq#${channel}#${band}`]: 1000,
                    [`gainDb#${channel}#${band}`]: 0, [`q#${channel}#${band}`]: 0.7071,
                    [`bandEnable#${channel}#${band}`]: false,
                });
            }
        }
    }

    take(values: Record<string, Scalar>): void {
        for (const [key, value] of Object.entries(values)) this.all.set(key, String(value));
    }

    value(_: string, key: string): string | undefined {
        return this.all.get(key);
    }

    setMany(_: string, values: Record<string, Scalar>): void {
        this.sent.push(values);
        this.take(values);
    }
}

test("places on the graph turn into frequencies and levels and back", () => {
    for (const hertz of [10, 63, 1000, 24000]) assert.ok(Math.abs(hertzOf(plot, xOf(plot, hertz)) / hertz - 1) < 1e-12);
    for (const db of [-12, 0, 4.5]) assert.ok(Math.abs(dbOf(plot, yOf(plot, db)) - db) < 1e-12);
    assert.equal(delayRange([0.01, -0.02]), 0.1);
    assert.equal(delayRange([0.3, 3.4]), 5);
    assert.equal(delayRange([12]), 20);
});

test("a drag changes frequency and gain, with Shift a tenth as much", () => {
    const drag = new Drag("place", peak, plot, limits);
    const octave = xOf(plot, 2000) - xOf(plot, 1000);
    const decibels = yOf(plot, 0) - yOf(plot, 2);
    assert.deepEqual(drag.by(octave, -decibels, false, plot), { frequency: 2000, gainDb: 5 });
    const fine = drag.by(0, -10 * decibels / 4, true, plot);
    assert.equal(fine.gainDb, 5.5);
});

test("a drag beyond the limits stops there and comes back at once", () => {
    const drag = new Drag("place", peak, plot, limits);
    assert.deepEqual(drag.by(-5000, -5000, false, plot), { frequency: 10, gainDb: 30 });
    const back = drag.by(10, 10, false, plot);
    assert.ok((back.frequency ?? 0) > 10 && (back.gainDb ?? 0) < 30);
});

test("a drag with the right button changes Q", () => {
    const drag = new Drag("width", peak, plot, limits);
    assert.deepEqual(drag.by(0, -60, false, plot), { q: 2 });
    assert.deepEqual(drag.by(0, -6000, false, plot), { q: 100 });
    assert.deepEqual(drag.by(0, 60, false, plot), { q: 50 });
});

test("a low pass is dragged by its level at its frequency, which is its Q", () => {
    const low: Band = { ...peak, type: "lowPass", q: Math.SQRT1_2 };
    assert.ok(Math.abs(handleDb(low) + 3.01) < 0.01);
    const change = new Drag("place", low, plot, limits).by(0, yOf(plot, 6) - yOf(plot, handleDb(low)), false, plot);
    assert.ok(Math.abs((change.q ?? 0) - 2) < 0.01);
    assert.deepEqual(fromHandle({ ...peak, type: "notch" }, 5), {});
});

test("keys move a band", () => {
    const key = (name: string, shift = false): ReturnType<typeof keyChange> => keyChange(name, shift, peak, limits);
    assert.deepEqual(key("ArrowUp"), { gainDb: 3.5 });
    assert.deepEqual(key("ArrowDown", true), { gainDb: 2.95 });
    assert.deepEqual(key("PageUp"), { gainDb: 8 });
    assert.ok(Math.abs((key("ArrowRight")?.frequency ?? 0) - 1029.3) < 0.1);
    assert.ok((key("+")?.q ?? 0) > 1);
    assert.ok((key("-")?.q ?? 2) < 1);
    assert.equal(key("a"), undefined);
});

test("linked channels change together, equal or by the same difference", () => {
    const values = new Values(3);
    const link = { mode: "absolute" as "off" | "absolute" | "relative", chosen: [] as number[] };
    const model = new EqModel(values, "eq#1", 48000, limits, () => link);
    assert.equal(model.channelCount, 3);
    values.take({ "gainDb#1#0": 2, "freq#1#0": 500 });
    model.move(0, 0).to({ gainDb: 5, frequency: 2000 });
    assert.deepEqual([0, 1, 2].map((channel) => model.band(channel, 0).gainDb), [5, 5, 5]);
    assert.equal(values.sent.length, 1, "one change for all channels");

    values.take({ "gainDb#0#0": 1, "gainDb#1#0": 3, "freq#0#0": 1000, "freq#1#0": 500 });
    link.mode = "relative";
    link.chosen = [0, 1];
    const movement = model.move(0, 0);
    movement.to({ gainDb: 2, frequency: 2000 });
    movement.to({ gainDb: 4, frequency: 4000 });
    assert.deepEqual([0, 1, 2].map((channel) => model.band(channel, 0).gainDb), [4, 6, 5]);
    assert.equal(model.band(1, 0).frequency, 2000);

    link.mode = "off";
    model.move(2, 0).to({ gainDb: -1 });
    assert.equal(model.band(0, 0).gainDb, 4);
});

test("bands are added, removed, sorted and replaced as one change each", () => {
    const values = new Values(1);
    const model = new EqModel(values, "eq#1", 48000, limits, () => ({ mode: "off", chosen: [] }));
    assert.equal(model.add(0, { ...peak, frequency: 5000 }), 0);
    assert.equal(model.add(0, { ...peak, frequency: 50 }), 1);
    assert.equal(values.sent.length, 2);
    model.sort(0);
    assert.deepEqual([0, 1].map((band) => model.band(0, band).frequency), [50, 5000]);
    model.toggle(0, 0);
    assert.ok(!model.band(0, 0).isEnabled);
    model.remove(0, 1);
    assert.equal(model.band(0, 1).frequency, defaultBand.frequency);
    const appended = model.appended(0, [{ ...peak, gainDb: 100 }]);
    assert.equal(appended?.length, 2);
    model.replace(0, appended ?? []);
    assert.equal(model.band(0, 1).gainDb, 30, "what is beyond the range goes to its end");
    assert.ok(model.replace(0, []));
    assert.ok(!model.replace(0, []), "nothing to change");
    for (let band = 0; band < 20; band++) model.add(0, peak);
    assert.equal(model.add(0, peak), undefined);
});

test("an audition is told step by step, and its end always", async () => {
    const sent: (Audition | null)[] = [];
    const answers: (() => void)[] = [];
    const auditioner = new Auditioner((audition) => {
        sent.push(audition);
        return new Promise<void>((resolve) => answers.push(resolve));
    });
    const settle = async (): Promise<void> => {
        answers.shift()?.();
        await new Promise((resolve) => setTimeout(resolve));
    };
    auditioner.end();
    assert.equal(sent.length, 0, "nothing to end");
    auditioner.show({ freq: 100, q: 1 });
    auditioner.show({ freq: 110, q: 1 });
    auditioner.show({ freq: 120, q: 1 });
    assert.deepEqual(sent, [{ freq: 100, q: 1 }], "one message at a time");
    await settle();
    assert.deepEqual(sent[1], { freq: 120, q: 1 }, "the last wish");
    auditioner.end();
    await settle();
    assert.equal(sent[2], null);
    await settle();
    assert.ok(!auditioner.isOn);
    assert.equal(sent.length, 3);
});
