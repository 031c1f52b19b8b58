import assert from "node:assert/strict";
import { test } from "node:test";
import { cardPlace } from "../src/frame/help/tourPlace";
import { merged } from "../src/frame/history/entries";
import { offerFor, travelTo } from "../src/frame/history/steps";
import { canonicalKey, keysOf } from "../src/frame/keys";
import { filtered, levelOf, logText } from "../src/frame/log/logFilter";
import { followed } from "../src/frame/navigator/refusal";
import { pruned, treeOf, visible } from "../src/frame/navigator/tree";
import { levelText, parseLevel } from "../src/frame/strip/levelText";
import { Switches } from "../src/frame/strip/switches";
import { levelAt, placeOf } from "../src/frame/taper";
import { durationText } from "../src/frame/timeText";
import { isClientName } from "../src/node/clientName";
import { metricsMessage, spectrumMessage } from "../src/node/subscriptions";
import type { Chain, ChainNode, HistoryEntry, LinkConfig, LogLine } from "../src/node/types";

const entry = (id: number, client: string, undone = false): HistoryEntry => ({
    id, client, undone, timestamp: id, kind: "parameters", title: `change ${id}`,
});

test("own changes can be taken back up to an entry, others' cannot", () => {
    const entries = [entry(5, "me"), entry(4, "you"), entry(3, "me"), entry(2, "me", true), entry(1, "me")];
    assert.deepEqual(offerFor(entries[2], entries, "me", true), { type: "undo", count: 2 });
    assert.deepEqual(offerFor(entries[1], entries, "me", true), { type: "foreign" });
    assert.deepEqual(offerFor(entries[3], entries, "me", true), { type: "gone" });
    const taken = [entry(5, "me", true), entry(4, "me", true), entry(3, "me")];
    assert.deepEqual(offerFor(taken[0], taken, "me", true), { type: "redo", count: 2 });
    assert.deepEqual(offerFor(taken[0], taken, "me", false), { type: "gone" });
});

test("travelling stops at the entry, and comes back when the node went beyond it", async () => {
    const made: string[] = [];
    const through = (ids: number[]) => async (type: "undo" | "redo"): Promise<HistoryEntry | null> => {
        made.push(type);
        const id = type === "undo" ? ids.shift() : 0;
        return id === undefined ? null : entry(id, "me", true);
    };
    assert.equal(await travelTo(entry(3, "me"), "undo", through([5, 4, 3, 2])), 3);
    assert.deepEqual(made.splice(0), ["undo", "undo", "undo"]);
    // 3 was overtaken: the node passes over it.
    assert.equal(await travelTo(entry(3, "me"), "undo", through([5, 2])), 1);
    assert.deepEqual(made.splice(0), ["undo", "undo", "redo"]);
    assert.equal(await travelTo(entry(3, "me"), "undo", through([])), 0);
});

test("whatever the node tells of the history goes into one list, the newest information wins", () => {
    const known = merged([], [entry(5, "me"), entry(4, "you")]);
    const older = merged(known, [entry(3, "me"), entry(2, "me")]);
    assert.deepEqual(older.map((each) => each.id), [5, 4, 3, 2]);
    const later = merged(older, [entry(7, "me"), entry(6, "me"), entry(5, "me", true)]);
    assert.deepEqual(later.map((each) => each.id), [7, 6, 5, 4, 3, 2]);
    assert.deepEqual(later.filter((each) => each.undone).map((each) => each.id), [5]);
    assert.deepEqual(merged(later, [entry(2, "me", true)]).filter((each) => each.undone).map((each) => each.id), [5, 2]);
});

test("a refusal is told of until another chain plays or it is dismissed", () => {
    const link = { rootChainId: "main" } as LinkConfig;
    const faults = [{ code: "cycle", path: "chains.main", message: "A cycle." }];
    const begin = followed({ faults: [], link: null, isOver: true }, faults, link);
    assert.deepEqual(begin, { faults, link, isOver: false });
    assert.equal(followed(begin, faults, link), begin);
    const over = followed(begin, faults, { ...link });
    assert.equal(over.isOver, true);
    assert.equal(followed(over, faults, link), over);
    assert.equal(followed(over, [...faults], link).isOver, false, "the same faults anew");
    assert.equal(followed({ ...begin, isOver: true }, faults, link).isOver, true, "dismissed");
});

test("fast presses of a switch take turns, whatever the node has answered until then", () => {
    const switches = new Switches();
    const first = switches.over("muted", false);
    const second = switches.over("muted", false);
    const third = switches.over("muted", false);
    assert.deepEqual([first, second, third].map((turn) => turn.isOn), [true, false, true]);
    assert.equal(switches.over("dimmed", true).isOn, false);
    switches.settle(first);
    switches.settle(second);
    const fourth = switches.over("muted", false);
    assert.equal(fourth.isOn, false, "the third is still on its way");
    switches.settle(third);
    switches.settle(fourth);
    assert.equal(switches.over("muted", true).isOn, false);
});

test("the fader's taper goes there and back, finest around 0 dB", () => {
    for (const level of [-120, -60, -20, -6, 0, 3.5, 24]) assert.ok(Math.abs(levelAt(placeOf(level)) - level) < 1e-9);
    assert.equal(placeOf(-120), 0);
    assert.equal(placeOf(24), 1);
    assert.ok(placeOf(0) - placeOf(-10) > placeOf(-40) - placeOf(-50));
});

test("levels are typed in many ways", () => {
    assert.deepEqual(["-6", "−6 dB", "+3,5", " .5db", "off", "-inf"].map(parseLevel), [-6, -6, 3.5, 0.5, -120, -120]);
    assert.deepEqual(["", "loud", "25", "-121", "1e3", "--1"].map(parseLevel), Array(6).fill(undefined));
    assert.deepEqual([-6, 0, -0.04, 12.34, -120].map(levelText), ["−6.0", "0.0", "0.0", "12.3", "−∞"]);
});

test("keys have one name", () => {
    assert.equal(canonicalKey("Shift+Ctrl+Z"), "ctrl+shift+z");
    assert.equal(canonicalKey("Escape"), "esc");
    assert.equal(canonicalKey("ctrl++"), "ctrl++");
    const press = (key: string, held: Partial<KeyboardEvent> = {}): string[] =>
        keysOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });
    assert.deepEqual(press("z", { metaKey: true }), ["ctrl+z"]);
    assert.deepEqual(press("Z", { ctrlKey: true, shiftKey: true }), ["ctrl+shift+z"]);
    assert.deepEqual(press("?", { shiftKey: true }), ["shift+?", "?"]);
    assert.deepEqual(press("D", { shiftKey: true }), ["shift+d"]);
    assert.deepEqual(press("Escape", { shiftKey: true }), ["shift+esc"]);
});

test("the log is filtered by level and by every word", () => {
    const line = (level: string, message: string): LogLine => ({ serial: 1, level, source: "node", message, timestamp: 0 });
    const lines = [line("INFO", "The engine plays."), line("WARN", "The engine was late."), line("ERROR", "The disk is full.")];
    assert.equal(filtered(lines, "WARN", "").length, 2);
    assert.deepEqual(filtered(lines, "INFO", "late engine").map((each) => each.level), ["WARN"]);
    assert.equal(levelOf("critical"), "ERROR");
    assert.equal(logText([lines[1]]), "1970-01-01T00:00:00.000Z WARN  [node] The engine was late.\n");
});

function chain(id: string, nodes: Partial<ChainNode>[]): Chain {
    const whole = nodes.map((node, order) => ({
        instanceId: "", moduleType: "channel_gain_v1", order, enabled: true, position: { x: 0, y: 0 }, ports: [], ...node,
    }));
    return { id, name: id, externalPorts: [], edges: [], nodes: whole };
}

test("the tree holds sub-graphs, is found by words, and survives a chain that holds itself", () => {
    const link: LinkConfig = {
        version: "2.2", rootChainId: "main", global: { channels: 2, sampleRate: 48000, frameSize: 240 },
        chains: {
            main: chain("main", [
                { instanceId: "gain#1" }, { instanceId: "group#1", moduleType: "subgraph", subGraphId: "inner" },
            ]),
            inner: chain("inner", [{ instanceId: "eq#1", moduleType: "common_eq_v1" }]),
        },
    };
    const tree = treeOf(link);
    assert.ok(tree !== null);
    assert.deepEqual(visible(tree, () => false).map((item) => item.id), ["", "gain#1", "group#1", "group#1.eq#1"]);
    assert.deepEqual(visible(tree, (id) => id === "group#1").map((item) => item.id), ["", "gain#1", "group#1"]);
    const found = pruned(tree, "eq");
    assert.ok(found !== null);
    assert.deepEqual(visible(found, () => false).map((item) => item.id), ["", "group#1", "group#1.eq#1"]);
    assert.equal(pruned(tree, "nothing like it"), null);
    link.chains.inner.nodes.push({ ...link.chains.main.nodes[1] });
    assert.ok(treeOf(link) !== null);
});

test("subscriptions are the union of what is wished", () => {
    assert.equal(metricsMessage([]), null);
    assert.deepEqual(metricsMessage([{ modules: ["b", "a"], intervalMs: 100 }, { modules: ["a"], intervalMs: 50 }]), {
        type: "debug_subscribe", intervalMs: 50, modules: ["a", "b"],
    });
    assert.deepEqual(metricsMessage([{ modules: "all", intervalMs: 100 }, { modules: [], intervalMs: 500 }]), {
        type: "debug_subscribe", intervalMs: 100,
    });
    const wish = { intervalMs: 50, size: undefined, listener: () => undefined };
    const point = { instanceId: "$io", port: "output" as const };
    assert.equal(spectrumMessage([{ ...wish, points: [] }]), null);
    assert.deepEqual(spectrumMessage([{ ...wish, points: [point] }, { ...wish, points: [{ ...point }], size: 4096 }]), {
        type: "spectrum_subscribe", points: [point], intervalMs: 50, size: 4096,
    });
});

test("client names are those that the node takes", () => {
    assert.deepEqual(["page-1f", "a_b.c#1", "ws-1", "", "ä", "x".repeat(65)].map(isClientName), [true, true, false, false, false, false]);
});

test("durations are read as people say them", () => {
    assert.deepEqual([0, 59_999, 65_000, 3_720_000].map(durationText), ["0 s", "59 s", "1 min 5 s", "1 h 2 min"]);
});

test("the tour's card stands beside its target, never outside the window", () => {
    const view = { width: 1000, height: 700 };
    const size = { width: 300, height: 150 };
    assert.deepEqual(cardPlace({ left: 0, top: 0, width: 200, height: 700 }, size, view), { left: 212, top: 275 });
    assert.deepEqual(cardPlace({ left: 860, top: 0, width: 140, height: 700 }, size, view), { left: 548, top: 275 });
    assert.deepEqual(cardPlace({ left: 0, top: 500, width: 860, height: 200 }, size, view), { left: 280, top: 338 });
    assert.deepEqual(cardPlace({ left: 0, top: 0, width: 1000, height: 700 }, size, view), { left: 350, top: 275 });
});
