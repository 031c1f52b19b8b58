import assert from "node:assert/strict";
import { test } from "node:test";

import type { LinkConfig, ModuleType, PresetList, Profile } from "../src/node/types";
import type { UnitContext } from "../src/parameters/quantity";
import { diffLines, isSame } from "../src/presets/diff";
import { idFor, idOfName, nameFault } from "../src/presets/presetName";
import { allInstances, profileLines, profilePlays } from "../src/presets/profileState";

const context: UnitContext = { rate: 48000, speedOfSound: 343, delayUnit: "ms" };

const gain = {
    moduleType: "channel_gain_v1", typeId: "0x16673001", instanceName: "gain", ports: [],
    params: [
        { name: "enable", paramTypeId: 0, dataType: "bool", dims: [], unit: "", role: "system", change: "switched" },
        { name: "gainDb", paramTypeId: 1, dataType: "float", dims: ["c"], unit: "dB", role: "tunable",
            change: "ramped" },
        { name: "mute", paramTypeId: 2, dataType: "bool", dims: ["c"], unit: "", role: "tunable", change: "ramped" },
    ],
} as ModuleType;

test("Ids are made of what the node takes", () => {
    assert.equal(idOfName("Bass Boost"), "bass_boost");
    assert.equal(idOfName("Größe: 3,5 dB!"), "grosse_3_5_db");
    assert.equal(idOfName("  ..  "), "preset");
    assert.equal(idOfName("日本"), "preset");
    assert.equal(idOfName("x".repeat(200)).length, 64);
    assert.match(idOfName("../../etc"), /^[A-Za-z0-9_.#-]{1,64}$/);
});

test("The same name replaces, another one of the same id does not", () => {
    const others = [{ id: "night", name: "Night" }, { id: "loud_2", name: "Loud?" }, { id: "loud", name: "Loud!" }];
    assert.deepEqual(idFor(" night ", others), { id: "night", replaces: true });
    assert.deepEqual(idFor("Night?", others), { id: "night_2", replaces: false });
    assert.deepEqual(idFor("Loud", others), { id: "loud_3", replaces: false });
    assert.deepEqual(idFor("x".repeat(70), [{ id: "x".repeat(64), name: "y" }]).id, "x".repeat(62) + "_2");
});

test("Names must be there and not too long", () => {
    assert.equal(nameFault("Night"), null);
    assert.match(nameFault("  ") ?? "", /name/);
    assert.match(nameFault("ä".repeat(200)) ?? "", /400 bytes/);
});

test("A difference is a line in words, in the schema's order", () => {
    const left = { enable: "true", "gainDb#0": "-6", "gainDb#1": "3.0", "mute#1": "true", extra: "1" };
    const right = { enable: "true", "gainDb#0": "-3.5", "gainDb#1": "3", "mute#1": "false" };
    const lines = diffLines(left, right, gain, context);
    assert.deepEqual(lines.map((line) => [line.title, line.leftText, line.rightText]), [
        ["Gain, channel 1", "−6.0 dB", "−3.5 dB"], ["Mute, channel 2", "on", "off"], ["extra", "1", "–"],
    ]);
    assert.deepEqual(diffLines(left, left, gain, context), []);
    assert.equal(diffLines({ x: "1" }, {}, undefined, context)[0].leftText, "1");
});

test("Numbers are the same in any writing, texts only in the same", () => {
    assert.ok(isSame("3.0", "3"));
    assert.ok(!isSame("3.0", "3.1"));
    assert.ok(!isSame("true", "false"));
    assert.ok(!isSame("", "0"));
    assert.ok(!isSame(undefined, "0"));
});

const link = {
    version: "2.2", rootChainId: "main", global: { channels: 2, sampleRate: 48000, frameSize: 240 },
    chains: {
        main: {
            id: "main", name: "Main", externalPorts: [], edges: [],
            nodes: [
                { instanceId: "gain#1", moduleType: "channel_gain_v1" },
                { instanceId: "group#1", moduleType: "subgraph", subGraphId: "inner" },
            ],
        },
        inner: { id: "inner", name: "Inner", externalPorts: [], edges: [],
            nodes: [{ instanceId: "eq#1", moduleType: "common_eq_v1" }] },
    },
} as unknown as LinkConfig;

test("Modules in sub-graphs have flattened ids", () => {
    assert.deepEqual(allInstances(link), ["gain#1", "group#1.eq#1"]);
    assert.deepEqual(allInstances(null), []);
});

test("A profile says what of it plays and what is absent", () => {
    const profile: Profile =
        { profileId: "night", name: "Night", modulePresets: { "gain#1": "flat", "mdrc#1": "soft" } };
    const list: PresetList = {
        instanceId: "gain#1", presets: [{ presetId: "flat", name: "Flat", params: {} }], loaded: "flat", changed: false,
    };
    const lines = profileLines(profile, allInstances(link), { "gain#1": list });
    assert.deepEqual(lines.map((line) => [line.instance, line.presetName, line.isAbsent, line.plays]), [
        ["gain#1", "Flat", false, "unchanged"], ["mdrc#1", "soft", true, "no"],
    ]);
    assert.equal(profilePlays(lines), "unchanged");
    assert.equal(profilePlays(profileLines(profile, allInstances(link), { "gain#1": { ...list, changed: true } })),
        "changed");
    assert.equal(profilePlays(profileLines(profile, allInstances(link), {})), "no");
    assert.equal(profilePlays([]), "no");
});
