import assert from "node:assert/strict";
import { test } from "node:test";
import { copyNodes, pasteNodes, readFragment } from "../src/flow/chain/clipboard";
import { addExternalPort, labelPort, removeExternalPort, setChannels } from "../src/flow/chain/external";
import { copyOf } from "../src/flow/chain/model";
import { addNode, nextID, place, removeNodes, rename, reorder, setEnabled } from "../src/flow/chain/modules";
import { connect, disconnect, insertOnEdge, reconnect } from "../src/flow/chain/wires";
import {
    codes,
    example,
    library,
    link,
    module,
    rootOf,
    sound,
    structureFaults,
    threeInARow,
    wire,
    wires,
} from "./flowChains";

test("a new module has a free id, its type's ports, the last place, and no wires", () => {
    const own = threeInARow();
    const at = rootOf(own);
    const id = nextID(at, "channel_gain_v1");
    addNode(at, "channel_gain_v1", id, { x: 10, y: 20 });
    const node = own.chains.main.nodes[3];
    assert.equal(id, "gain#2");
    assert.deepEqual([node.order, node.position, node.ports.length], [3, { x: 10, y: 20 }, 2]);
    assert.deepEqual(codes(own), ["unconnected_port", "unconnected_port"]);
    assert.throws(() => addNode(at, "channel_gain_v1", id, { x: 0, y: 0 }), /already/);
    assert.throws(() => nextID(at, "flanger_v1"), /flanger_v1/);
});

test("a new sub-graph passes its input on", () => {
    const own = threeInARow();
    const at = rootOf(own);
    const id = nextID(at, "subgraph");
    addNode(at, "subgraph", id, { x: 0, y: 0 });
    const before = sound(own);
    insertOnEdge(at, "e2", id);
    assert.deepEqual(codes(own), []);
    assert.deepEqual(sound(own), before);
    assert.deepEqual(structureFaults(own), []);
});

test("a wire to an input takes the place of the one before", () => {
    const own = threeInARow();
    const at = rootOf(own);
    connect(at, { module: "gain#1", port: "out" }, { module: "limiter#1", port: "in" });
    assert.deepEqual(
        wires(own),
        ["$io.in>gain#1.in", "gain#1.out>eq#1.in", "gain#1.out>limiter#1.in", "limiter#1.out>$io.out"],
    );
    assert.deepEqual(codes(own), ["unconnected_port"]);
    assert.deepEqual(structureFaults(own), []);
    const again = connect(at, { module: "gain#1", port: "out" }, { module: "limiter#1", port: "in" });
    assert.equal(own.chains.main.edges.filter((edge) => edge.id === again).length, 1);
});

test("wires run from outputs to inputs, and not to the module they come from", () => {
    const at = rootOf(threeInARow());
    assert.throws(
        () => connect(at, { module: "gain#1", port: "in" }, { module: "eq#1", port: "in" }),
        /begins at an output/,
    );
    assert.throws(
        () => connect(at, { module: "gain#1", port: "out" }, { module: "eq#1", port: "out" }),
        /ends at an input/,
    );
    assert.throws(() => connect(at, { module: "gain#1", port: "out" }, { module: "gain#1", port: "in" }), /itself/);
    assert.throws(() => connect(at, { module: "gone#1", port: "out" }, { module: "gain#1", port: "in" }), /gone#1/);
});

test("a wire that is led elsewhere keeps its id and what else it carries", () => {
    const own = threeInARow();
    own.chains.main.edges[2].colour = "red";
    const at = rootOf(own);
    reconnect(at, "e3", { from: { module: "gain#1", port: "out" } });
    const edge = own.chains.main.edges.find((each) => each.id === "e3");
    assert.deepEqual([edge?.fromModule, edge?.toModule, edge?.colour], ["gain#1", "limiter#1", "red"]);
    reconnect(at, "e3", { to: { module: "$io", port: "out" } });
    assert.equal(own.chains.main.edges.filter((each) => each.toModule === "$io").length, 1);
    assert.throws(() => reconnect(at, "e9", {}), /not there/);
});

test("a module goes into a wire", () => {
    const own = threeInARow();
    const at = rootOf(own);
    addNode(at, "ut_delay_20ch_v1", "delay#1", { x: 0, y: 0 });
    insertOnEdge(at, "e3", "delay#1");
    assert.deepEqual(codes(own), []);
    assert.ok(wires(own).includes("eq#1.out>delay#1.in") && wires(own).includes("delay#1.out>limiter#1.in"));
    assert.throws(() => insertOnEdge(at, "e1", "delay#1"), /no free input/);
});

test("removing a module bridges it, or does not", () => {
    const bridged = threeInARow();
    removeNodes(rootOf(bridged), ["gain#1", "eq#1"], true);
    assert.deepEqual(wires(bridged), ["$io.in>limiter#1.in", "limiter#1.out>$io.out"]);
    assert.deepEqual(codes(bridged), []);
    const cut = threeInARow();
    removeNodes(rootOf(cut), ["eq#1"], false);
    assert.deepEqual(wires(cut), ["$io.in>gain#1.in", "limiter#1.out>$io.out"]);
    assert.deepEqual(codes(cut), ["unconnected_port", "unconnected_port"]);
});

test("a chain that nothing contains any more goes with its last node", () => {
    const own = example("two-way-active");
    removeNodes(rootOf(own), ["woofer#1"], true);
    assert.deepEqual(Object.keys(own.chains).sort(), ["main", "tweeter"]);
    assert.deepEqual(codes(own), []);
});

test("wires state the channels that flow after an edit", () => {
    const own = threeInARow();
    own.chains.main.externalPorts[0].channels = 6;
    own.chains.main.externalPorts[1].channels = 6;
    assert.ok(codes(own).every((code) => code === "channel_mismatch"));
    disconnect(rootOf(own), []);
    assert.deepEqual(codes(own), []);
    assert.deepEqual(own.chains.main.edges.map((edge) => edge.channels), [6, 6, 6, 6]);
});

test("ends bound by position are written out before the wiring is touched", () => {
    const nodes = [module("gain#1", "channel_gain_v1", 0), module("eq#1", "common_eq_v1", 1)];
    const own = link(nodes, [wire("e1", "gain#1.out>eq#1.in")]);
    assert.deepEqual(codes(own), []);
    const before = sound(own);
    addNode(rootOf(own), "level_meter_v1", "meter#1", { x: 0, y: 0 });
    insertOnEdge(rootOf(own), "e1", "meter#1");
    assert.deepEqual(codes(own), []);
    assert.ok(wires(own).includes("$io.in>gain#1.in") && wires(own).includes("eq#1.out>$io.out"));
    removeNodes(rootOf(own), ["meter#1"], true);
    assert.deepEqual(sound(own), before);
});

test("a copy has ids of its own, the wires within, its sub-graphs and its values", () => {
    const own = example("two-way-active");
    const at = rootOf(own);
    const values = (id: string): Record<string, string> => (id === "woofer#1.eq#1" ? { "freq#0#0": "80" } : {});
    const fragment = readFragment(JSON.stringify(copyNodes(at, ["gain#1", "woofer#1"], values)));
    assert.ok(fragment);
    const pasted = pasteNodes(at, fragment, { x: 40, y: 60 });
    assert.deepEqual(pasted.ids, ["gain#2", "woofer#2"]);
    assert.deepEqual(pasted.values["woofer#2.eq#1"], { "freq#0#0": "80" });
    assert.deepEqual(Object.keys(pasted.values), ["gain#2", "woofer#2.eq#1", "woofer#2.delay#1", "woofer#2.gain#1"]);
    assert.deepEqual(Object.keys(own.chains).sort(), ["main", "tweeter", "woofer", "woofer2"]);
    assert.ok(wires(own).includes("gain#2.out>woofer#2.in"));
    assert.deepEqual(structureFaults(own), []);
    assert.deepEqual(own.chains.main.nodes.slice(-1)[0].position, { x: 360, y: 140 });
});

test("text that is no copy of ours is not pasted", () => {
    for (const text of [
        "",
        "gain",
        "{}",
        "[1]",
        "null",
        '{"soundpost":"modules"}',
        '{"soundpost":"modules","nodes":[1],"edges":[]}',
    ]) {
        assert.equal(readFragment(text), undefined, text);
    }
});

test("names, switches and places change nothing else", () => {
    const own = threeInARow();
    const at = rootOf(own);
    const before = copyOf(own);
    rename(at, "gain#1", " Input trim ");
    setEnabled(at, ["gain#1", "eq#1"], false);
    place(at, new Map([["eq#1", { x: 11.6, y: 3 }]]));
    assert.equal(own.chains.main.nodes[0].name, "Input trim");
    assert.deepEqual(own.chains.main.nodes.map((node) => node.enabled), [false, false, true]);
    assert.deepEqual(own.chains.main.nodes[1].position, { x: 12, y: 3 });
    rename(at, "gain#1", "");
    setEnabled(at, ["gain#1", "eq#1"], true);
    place(at, new Map([["eq#1", { x: 250, y: 0 }]]));
    assert.deepEqual(own, before);
});

test("the processing order can be changed by one place", () => {
    const own = threeInARow();
    reorder(rootOf(own), "limiter#1", -1);
    assert.deepEqual(own.chains.main.nodes.map((node) => node.order), [0, 2, 1]);
    reorder(rootOf(own), "gain#1", -1);
    assert.deepEqual(own.chains.main.nodes.map((node) => node.order), [0, 2, 1]);
});

test("ports of a sub-graph are those of the nodes that contain it", () => {
    const own = example("two-way-active");
    const inner = rootOf(own, "woofer");
    const id = addExternalPort(inner, "input");
    labelPort(inner, "$io", id, "Side chain");
    const node = own.chains.main.nodes.find((each) => each.instanceId === "woofer#1");
    assert.deepEqual(node?.ports.map((port) => `${port.id} ${port.label}`), ["in In", "out Out", "in2 Side chain"]);
    assert.deepEqual(codes(own), []);
    connect(rootOf(own), { module: "gain#1", port: "out" }, { module: "woofer#1", port: id });
    removeExternalPort(inner, id);
    assert.deepEqual(structureFaults(own), []);
    assert.deepEqual(codes(own), []);
});

test("a port's channels are stated or left to the wire", () => {
    const own = link(
        [module("mixer#1", "matrix_mixer_v1", 0)],
        [wire("e1", "$io.in>mixer#1.in", 2), wire("e2", "mixer#1.out>$io.out", 2)],
    );
    const at = rootOf(own);
    setChannels(at, "mixer#1", "out", 4);
    assert.deepEqual(codes(own), ["channel_mismatch"]);
    assert.equal(own.chains.main.edges[1].channels, 4);
    setChannels(at, "$io", "out", 4);
    assert.deepEqual(codes(own), []);
    assert.throws(() => setChannels(at, "mixer#1", "out", 65), /64/);
    assert.throws(() => setChannels(at, "mixer#1", "side", 2), /side/);
});

test("the library of the tests has what the examples use", () => {
    for (const name of [
        "eight-channel-car",
        "stereo-tone",
        "two-way-active",
    ]) assert.deepEqual(codes(example(name)), []);
    assert.ok(Object.keys(library).length > 7);
});
