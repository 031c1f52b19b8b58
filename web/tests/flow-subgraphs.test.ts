import assert from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "../src/flow/chain/at";
import { copyNodes, pasteNodes } from "../src/flow/chain/clipboard";
import { chainAt, chainInside, copyOf, moduleAt } from "../src/flow/chain/model";
import { removeNodes } from "../src/flow/chain/modules";
import { dissolve, group } from "../src/flow/chain/subgraphs";
import { codes, example, library, link, module, rootOf, sound, structureFaults, threeInARow, wire, wires } from "./flowChains";
import { randomNumbers } from "./randomNumbers";

/** What ids were called before, through any number of moves. */
function formerly(...moves: ReadonlyMap<string, string>[]): (id: string) => string {
    const back = moves.map((moved) => new Map([...moved].map(([from, to]) => [to, from])));
    return (id) => back.reduceRight((name, map) => map.get(name) ?? name, id);
}

test("a sub-graph of a selection sounds the same, and dissolved again the chain is as before", () => {
    const own = threeInARow();
    const before = copyOf(own);
    const made = group(rootOf(own), ["gain#1", "eq#1"], "Tone");
    assert.deepEqual(made.ids, ["tone#1"]);
    assert.deepEqual([...made.moved], [["gain#1", "tone#1.gain#1"], ["eq#1", "tone#1.eq#1"]]);
    assert.deepEqual(wires(own), ["$io.in>tone#1.in", "limiter#1.out>$io.out", "tone#1.out>limiter#1.in"]);
    assert.deepEqual(codes(own), []);
    assert.deepEqual(sound(own, formerly(made.moved)), sound(before));
    assert.equal(chainAt(own, ["tone#1"]), "tone");
    const undone = dissolve(rootOf(own), "tone#1");
    assert.deepEqual(undone.ids, ["gain#1", "eq#1"]);
    assert.deepEqual(wires(own), wires(before));
    assert.deepEqual(sound(own), sound(before));
    assert.deepEqual(inOrder(own.chains.main), inOrder(before.chains.main));
    assert.deepEqual(Object.keys(own.chains), ["main"]);
});

test("one source makes one port, however many it feeds", () => {
    const own = link(
        [
            module("gain#1", "channel_gain_v1", 0),
            module("eq#1", "common_eq_v1", 1),
            module("eq#2", "common_eq_v1", 2),
            module("meter#1", "level_meter_v1", 3),
        ],
        [
            wire("e1", "$io.in>gain#1.in", 2),
            wire("e2", "gain#1.out>eq#1.in", 2),
            wire("e3", "gain#1.out>eq#2.in", 2),
            wire("e4", "eq#1.out>$io.out", 2),
            wire("e5", "eq#1.out>meter#1.in", 2),
        ],
    );
    group(rootOf(own), ["eq#1", "eq#2"], "Group");
    assert.deepEqual(own.chains.group.externalPorts.map((port) => port.id), ["in", "out"]);
    assert.deepEqual(wires(own, "group"), ["$io.in>eq#1.in", "$io.in>eq#2.in", "eq#1.out>$io.out"]);
    assert.deepEqual(structureFaults(own), []);
});

test("modules with others between them can be grouped", () => {
    const own = threeInARow();
    const before = copyOf(own);
    const made = group(rootOf(own), ["gain#1", "limiter#1"], "Ends");
    assert.deepEqual(codes(own), []);
    assert.deepEqual(sound(own, formerly(made.moved)), sound(before));
    dissolve(rootOf(own), made.ids[0]);
    assert.deepEqual(sound(own), sound(before));
});

test("dissolving renames what would collide and says so", () => {
    const own = example("two-way-active");
    const before = copyOf(own);
    const { ids, moved } = dissolve(rootOf(own), "woofer#1");
    assert.deepEqual(ids, ["eq#1", "delay#1", "gain#2"]);
    assert.equal(moved.get("woofer#1.gain#1"), "gain#2");
    assert.deepEqual(codes(own), []);
    assert.deepEqual(sound(own, formerly(moved)), sound(before));
    assert.deepEqual(Object.keys(own.chains).sort(), ["main", "tweeter"]);
});

test("a chain that is contained twice stays for the other when one is dissolved", () => {
    const own = example("two-way-active");
    own.chains.main.nodes[2].subGraphId = "woofer";
    delete own.chains.tweeter;
    assert.deepEqual(codes(own), []);
    dissolve(rootOf(own), "woofer#1");
    assert.deepEqual(Object.keys(own.chains).sort(), ["main", "woofer"]);
    assert.deepEqual(codes(own), []);
});

test("a sub-graph in a sub-graph moves with its contents", () => {
    const own = example("two-way-active");
    const before = copyOf(own);
    const made = group(rootOf(own), ["woofer#1", "limiter#1"], "Low way");
    assert.equal(made.moved.get("woofer#1.eq#1"), "lowWay#1.woofer#1.eq#1");
    assert.deepEqual(sound(own, formerly(made.moved)), sound(before));
    const undone = dissolve(rootOf(own), "lowWay#1");
    assert.equal(undone.moved.get("lowWay#1.woofer#1.eq#1"), "woofer#1.eq#1");
    assert.deepEqual(sound(own), sound(before));
});

test("a sub-graph that is switched off leaves its contents switched off", () => {
    const own = example("two-way-active");
    own.chains.main.nodes[1].enabled = false;
    const before = copyOf(own);
    const { moved } = dissolve(rootOf(own), "woofer#1");
    assert.deepEqual(sound(own, formerly(moved)), sound(before));
});

test("a sub-graph that passes its input on dissolves into a wire", () => {
    const own = threeInARow();
    group(rootOf(own), ["eq#1"], "Empty");
    removeNodes(rootOf(own, "empty"), ["eq#1"], true);
    assert.deepEqual(codes(own), []);
    dissolve(rootOf(own), "empty#1");
    assert.deepEqual(wires(own), ["$io.in>gain#1.in", "gain#1.out>limiter#1.in", "limiter#1.out>$io.out"]);
});

test("random selections of random chains survive grouping and dissolving", () => {
    const numbers = randomNumbers(4000, 7);
    let at = 2;
    const next = (below: number) => Math.min(
        below - 1,
        Math.floor(numbers[(at = at + 1 < numbers.length ? at + 1 : 2)] * below),
    );
    for (let round = 0; round < 60; round += 1) {
        const size = 3 + next(6);
        const nodes = Array.from({ length: size }, (_, n) => module(`gain#${n + 1}`, "channel_gain_v1", n, n * 200, 0));
        const edges = nodes.map((node, n) => {
            const source = next(n + 1);
            return wire(`e${n + 1}`, `${source ? `gain#${source}.out` : "$io.in"}>${node.instanceId}.in`, 2);
        });
        edges.push(wire(`e${size + 1}`, `gain#${size}.out>$io.out`, 2));
        const own = link(nodes, edges);
        const before = copyOf(own);
        const chosen = nodes.map((node) => node.instanceId).filter(() => next(2) === 1);
        if (!chosen.length) continue;
        const made = group(rootOf(own), chosen, "Group");
        assert.deepEqual(structureFaults(own), []);
        assert.deepEqual(sound(own, formerly(made.moved)), sound(before));
        dissolve(rootOf(own), made.ids[0]);
        assert.deepEqual(structureFaults(own), []);
        assert.deepEqual(sound(own), sound(before));
        assert.deepEqual(wires(own), wires(before));
    }
});

test("a sub-graph can be copied and the copy dissolved", () => {
    const own = example("two-way-active");
    const fragment = copyNodes(rootOf(own), ["tweeter#1"], () => undefined);
    pasteNodes(rootOf(own), fragment, { x: 0, y: 100 });
    dissolve(rootOf(own), "tweeter#2");
    assert.deepEqual(structureFaults(own), []);
    assert.deepEqual(Object.keys(own.chains).sort(), ["main", "tweeter", "woofer"]);
});

test("a path of sub-graph nodes leads to a chain, a flattened id to a type", () => {
    const own = threeInARow();
    group(rootOf(own), ["gain#1", "eq#1"], "Tone");
    assert.equal(chainInside(own, [])?.id, own.chains.main.id);
    assert.deepEqual(chainInside(own, ["tone#1"])?.nodes.map((node) => node.instanceId), ["gain#1", "eq#1"]);
    assert.equal(chainInside(own, ["limiter#1"]), undefined);
    assert.equal(chainInside(null, []), undefined);
    assert.equal(moduleAt(own, library, "tone#1.eq#1")?.moduleType, "common_eq_v1");
    assert.equal(moduleAt(own, library, "limiter#1")?.moduleType, "limiter_v1");
    assert.equal(moduleAt(own, library, "tone#2.eq#1"), undefined);
    assert.equal(moduleAt(own, {}, "limiter#1"), undefined);
    assert.equal(moduleAt(null, library, "limiter#1"), undefined);
});
