import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkConfig } from "../src/node/types";
import { Ballistics, ChannelMeter, staleMs } from "../src/meters/ballistics";
import { MeterBank, chainInput, chainOutput } from "../src/meters/bank";
import { decibelText, levelOf, powerOf } from "../src/meters/decibels";
import { channelAt, channelsOf, horizontalLayout, sizes, verticalLayout } from "../src/meters/layout";
import { LevelWatch } from "../src/meters/levelWatch";
import { levelAt, place, scaleFloors, ticks } from "../src/meters/scale";
import { matching, metersOf } from "../src/meters/sources";

const usual: Ballistics = { releaseDbPerSecond: 20, rmsSeconds: 0.3, holdSeconds: 2 };

/** A meter that was given a level and then `seconds` of updates of another one. */
function after(peak: number, then: number, seconds: number, ballistics = usual, frameMs = 16): ChannelMeter {
    const meter = new ChannelMeter();
    meter.advance(1000, ballistics);
    meter.update(peak, peak, 1000);
    let updated = 1000;
    for (let now = 1000; now <= 1000 + seconds * 1000; now += frameMs) {
        if (now - updated >= 50) {
            meter.update(then, then, now);
            updated = now;
        }
        meter.advance(now, ballistics);
    }
    return meter;
}

test("ballistics: attack is instant, release falls by its decibels a second at any frame rate", () => {
    const meter = new ChannelMeter();
    meter.advance(1000, usual);
    meter.update(-6, -9, 1000);
    assert.equal(meter.peakDb, -6);
    for (const frameMs of [4, 16, 33, 50]) {
        // The level that falls away is shown until the update that tells of it.
        const fallen = -after(0, -120, 1.05, usual, frameMs).peakDb;
        assert.ok(Math.abs(fallen - 20) <= 1.1, `${frameMs} ms: ${fallen} dB`);
    }
    assert.equal(after(0, -30, 5).peakDb, -30);
});

test("ballistics: RMS averages power with its time constant, and a steady level is read exactly", () => {
    assert.ok(Math.abs(after(-18, -18, 5).rmsDb + 18) < 0.001);
    // One time constant after the level has gone, the power is 1/e.
    const meter = new ChannelMeter();
    for (let now = 1000; now <= 6000; now += 10) {
        meter.update(0, 0, now);
        meter.advance(now, usual);
    }
    for (let now = 6010; now <= 6300; now += 10) {
        meter.update(-120, -120, now);
        meter.advance(now, usual);
    }
    assert.ok(Math.abs(meter.rmsDb - 10 * Math.log10(Math.exp(-1))) < 0.05, `${meter.rmsDb}`);
});

test("ballistics: the hold mark stays for its time, then falls; forever when infinite; not at all when off", () => {
    assert.equal(after(-3, -60, 1.9).holdDb, -3);
    const fallen = after(-3, -60, 3).holdDb;
    assert.ok(fallen < -20 && fallen > -25, `${fallen}`);
    assert.equal(after(-3, -60, 100, { ...usual, holdSeconds: Infinity }).holdDb, -3);
    const none = after(-3, -60, 1, { ...usual, holdSeconds: 0 });
    assert.equal(none.holdDb, none.peakDb);
});

test("ballistics: without updates a meter falls to silence", () => {
    const meter = new ChannelMeter();
    meter.advance(0, usual);
    meter.update(-3, -6, 1);
    for (let now = 16; now < 10_000; now += 16) meter.advance(now, usual);
    assert.deepEqual([meter.peakDb, meter.rmsDb], [-120, -120]);
    assert.ok(staleMs >= 200, "four updates may be missed");
});

test("clip latch: lit at full scale, stays, is put out for one channel, a source or all", () => {
    const bank = new MeterBank();
    bank.choose(["gain#1", chainOutput]);
    const gain = (outputPeakDb: number[]) => ({ "gain#1": { outputPeakDb, outputRmsDb: [-13, -13] } });
    const loud = { outputPeakDb: [0, -3], outputRmsDb: [-3, -6], modules: gain([0.5, 2]) };
    assert.equal(bank.update(loud, 1), true);
    assert.equal(bank.clipCount, 3);
    const calm = { outputPeakDb: [-10, -3], outputRmsDb: [-13, -6], modules: gain([-9, -9]) };
    assert.equal(bank.update(calm, 50), false);
    bank.advance(60_000, usual);
    assert.equal(bank.clipCount, 3);
    bank.clear("gain#1", 1);
    assert.deepEqual(bank.channels("gain#1").map((meter) => meter.clipped), [true, false]);
    bank.clear("gain#1");
    assert.equal(bank.clipCount, 1);
    bank.clear();
    assert.equal(bank.clipCount, 0);
    bank.update({ ...calm, outputPeakDb: [-0.0001, -3] }, 60_050);
    assert.equal(bank.clipCount, 0);
});

test("bank: sources that stay keep their state, channels come and go with the chain", () => {
    const bank = new MeterBank();
    bank.choose([chainInput, "a#1"]);
    const modules = { "a#1": { outputPeakDb: [-1, -2, -3], outputRmsDb: [-4, -5, -6] } };
    bank.update({ inputPeakDb: [0], inputRmsDb: [-3], modules }, 1);
    bank.choose([chainInput]);
    assert.equal(bank.channels("a#1").length, 0);
    assert.equal(bank.clipCount, 1);
    assert.equal(bank.update({ inputPeakDb: [-1, -1], inputRmsDb: [-4, -4] }, 2), true);
    assert.equal(bank.channels(chainInput).length, 2);
    assert.equal(bank.clipCount, 1);
    bank.update({}, 3);
    assert.equal(bank.channels(chainInput).length, 2);
});

test("decibels: text with a true minus, silence as −∞, power and level are inverse", () => {
    const texts = [-18.34, 0, -0.04, 1.25, -120, NaN].map((db) => decibelText(db));
    assert.deepEqual(texts, ["−18.3", "0.0", "0.0", "+1.3", "−∞", "−∞"]);
    for (const db of [-119, -60, -3.01, 0, 6]) assert.ok(Math.abs(levelOf(powerOf(db)) - db) < 1e-9);
    assert.equal(powerOf(-120), 0);
});

test("scale: rises without a jump from the floor to the top, and back", () => {
    for (const floor of scaleFloors) {
        let before = -1;
        for (let db = floor; db <= 6; db += 0.1) {
            const here = place(db, floor);
            assert.ok(here >= before && here >= 0 && here <= 1);
            assert.ok(Math.abs(levelAt(here, floor) - db) < 1e-6);
            before = here;
        }
        assert.deepEqual([place(-200, floor), place(20, floor), place(NaN, floor)], [0, 1, 0]);
        const marks = ticks(floor);
        assert.deepEqual([...marks].sort((a, b) => b - a), marks);
        assert.equal(marks[marks.length - 1], floor);
    }
});

test("layout: nothing overlaps, every channel is found again where it was drawn", () => {
    const sources = [["a", 2], ["b", 16], ["c", 0]] as [string, number][];
    const items = sources.map(([id, channels]) => ({ id, label: id, channels }));
    const standing = [verticalLayout(items, 600, 200), verticalLayout(items, 2000, 300)];
    for (const layout of [...standing, horizontalLayout(items, 900, 200)]) {
        const channels = channelsOf(layout);
        assert.equal(channels.length, 18);
        channels.forEach((box, index) => {
            const found = channelAt(layout, box.clip.x + box.clip.width / 2, box.clip.y + box.clip.height / 2);
            assert.deepEqual([found?.source, found?.channel], [box.source, box.channel]);
            for (const other of channels.slice(index + 1)) {
                const isApart = box.bar.x + box.bar.width <= other.bar.x || other.bar.x + other.bar.width <= box.bar.x
                    || box.bar.y + box.bar.height <= other.bar.y || other.bar.y + other.bar.height <= box.bar.y;
                assert.ok(isApart);
            }
            assert.ok(box.bar.x + box.bar.width <= layout.width && box.bar.y + box.bar.height <= layout.height);
        });
    }
    assert.ok(verticalLayout(items, 300, 200).width >= 18 * sizes.pitch);
});

test("sources: the chain's ends and every module inside sub-graphs, found by any of its words", () => {
    const port = (id: string, direction: "input" | "output", channels: number) =>
        ({ id, direction, channels, sampleRate: -1, label: id, required: true });
    const module = (instanceId: string, moduleType: string, more: object = {}) => ({
        instanceId, moduleType, order: 0, enabled: true, position: { x: 0, y: 0 },
        ports: [port("in", "input", -1), port("out", "output", -1)], ...more,
    });
    const link: LinkConfig = {
        version: "2.2", rootChainId: "root", global: { channels: 2, sampleRate: 48000, frameSize: 480 },
        chains: {
            root: {
                id: "root", name: "Root", externalPorts: [port("in", "input", 4)], edges: [],
                nodes: [
                    module("gain#1", "gain", { name: "Trim" }),
                    module("group#1", "subgraph", { subGraphId: "sub" }),
                ],
            },
            sub: { id: "sub", name: "Sub", externalPorts: [], nodes: [module("eq#1", "eq")], edges: [] },
        },
    };
    const sources = metersOf(link);
    assert.deepEqual(sources.map((source) => [source.id, source.label, source.outputs]), [
        [chainInput, "Chain input", 4], [chainOutput, "Chain output", 2], ["gain#1", "Trim", 2],
        ["group#1.eq#1", "group#1 › eq#1", 2],
    ]);
    assert.deepEqual(matching(sources, "group eq").map((source) => source.id), ["group#1.eq#1"]);
    assert.deepEqual(matching(sources, "gain TRIM").map((source) => source.id), ["gain#1"]);
    assert.equal(matching(sources, "  ").length, 4);
    // A chain that refers to itself is refused by the node, but must not hang the page.
    link.chains.sub.nodes.push(module("loop#1", "subgraph", { subGraphId: "sub" }));
    assert.ok(metersOf(link).length < 100);
    assert.deepEqual(metersOf(null), []);
});

test("levels are asked for whether the meters are looked at or not, then more slowly", () => {
    const asked: string[] = [];
    const watch = new LevelWatch((modules, intervalMs) => {
        const wish = `${modules.join(" ")} ${intervalMs}`;
        asked.push(wish);
        return () => asked.push(`no ${wish}`);
    });
    watch.choose(["$io:output", "gain#1"]);
    assert.deepEqual(asked.splice(0), ["gain#1 500"]);
    watch.show(true);
    assert.deepEqual(asked.splice(0), ["no gain#1 500", "gain#1 50"]);
    watch.choose(["$io:output", "gain#1"]);
    watch.show(true);
    assert.deepEqual(asked.splice(0), []);
    watch.choose(["eq#1"]);
    watch.show(false);
    assert.deepEqual(asked.splice(0), ["no gain#1 50", "eq#1 50", "no eq#1 50", "eq#1 500"]);
    watch.choose([]);
    assert.deepEqual(asked, ["no eq#1 500"]);
});
