import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../src/flow/chain/check";
import { placed, placeOf } from "../src/flow/chain/places";
import { placeKey } from "../src/flow/chain/signal";
import { possibleEnds, possibleStarts, reasonAgainst } from "../src/flow/chain/wires";
import { codes, example, library, link, module, rootOf, threeInARow, wire } from "./flowChains";

const out = (id: string, port = "out") => ({ module: id, port });
const into = (id: string, port = "in") => ({ module: id, port });

test("faults name their places", () => {
    const own = threeInARow();
    own.chains.main.edges.splice(1, 1);
    const faults = placed(own, inspect(own, library).faults);
    assert.deepEqual(faults.map(({ place }) => place), [
        { chain: "main", node: "gain#1", port: "out" },
        { chain: "main", node: "eq#1", port: "in" },
    ]);
});

test("paths of the node's faults are understood", () => {
    const own = threeInARow();
    assert.deepEqual(
        placeOf(own, "chains.main.nodes[1].ports[0].channels"),
        { chain: "main", node: "eq#1", port: "in" },
    );
    assert.deepEqual(placeOf(own, "chains.main.nodes[2].moduleType"), { chain: "main", node: "limiter#1" });
    assert.deepEqual(placeOf(own, "chains.main.edges[3].toPort"), { chain: "main", edge: "e4" });
    assert.deepEqual(placeOf(own, "chains.main.externalPorts[1]"), { chain: "main", node: "$io", port: "out" });
    assert.deepEqual(placeOf(own, "chains.main.externalPorts"), { chain: "main", node: "$io" });
    assert.deepEqual(placeOf(own, "chains.main"), { chain: "main" });
    assert.deepEqual(placeOf(own, "global.channels"), {});
    assert.deepEqual(placeOf(own, "chains.main.nodes[99].order"), { chain: "main", node: undefined });
});

test("a chain's key may hold dots", () => {
    const own = example("two-way-active");
    own.chains["woofer.left"] = { ...own.chains.woofer, id: "woofer.left" };
    assert.deepEqual(
        placeOf(own, "chains.woofer.left.nodes[0].ports[1]"),
        { chain: "woofer.left", node: "eq#1", port: "out" },
    );
});

test("a circle is found at its wires", () => {
    const own = threeInARow();
    own.chains.main.edges[1] = wire("e2", "limiter#1.out>eq#1.in", 2);
    const faults = placed(own, inspect(own, library).faults);
    const circle = faults.filter((fault) => fault.code === "cycle");
    assert.deepEqual(circle.map((fault) => fault.place.edge), ["e2", "e3"]);
});

test("a circle through a sub-graph is found, one that is none is not", () => {
    const own = example("two-way-active");
    own.chains.main.edges[1] = wire("e2", "limiter#1.out>woofer#1.in", 2);
    assert.ok(codes(own).includes("cycle"));
});

test("channel counts follow the signal and mismatches are found where they are stated", () => {
    const own = link(
        [module("mixer#1", "matrix_mixer_v1", 0), module("stereo#1", "stereo_v1", 1)],
        [wire("e1", "$io.in>mixer#1.in", 2), wire("e2", "mixer#1.out>stereo#1.in"), wire("e3", "stereo#1.out>$io.out")],
    );
    assert.deepEqual(codes(own), []);
    own.chains.main.nodes[0].ports[1].channels = 6;
    const { signal, faults } = inspect(own, library);
    const point = signal.points[signal.places.get(placeKey([], out("mixer#1"), "output")) ?? -1];
    assert.equal(point.channels, 6);
    assert.deepEqual(
        faults.map((fault) => [fault.code, fault.path]),
        [["channel_mismatch", "chains.main.nodes[1].ports[0]"]],
    );
});

test("a chain that contains itself is refused and not followed", () => {
    const own = example("two-way-active");
    const node = { ...module("gain#9", "channel_gain_v1", 9), moduleType: "subgraph", subGraphId: "woofer", ports: [] };
    own.chains.woofer.nodes.push(node);
    assert.ok(codes(own).includes("circular_subgraph"));
});

test("targets of a wire leave out what would make a circle", () => {
    const at = rootOf(threeInARow());
    const ends = possibleEnds(at, out("eq#1"));
    assert.deepEqual([...ends].sort(), ["$io out", "limiter#1 in"]);
    const starts = possibleStarts(at, into("eq#1"));
    assert.deepEqual([...starts].sort(), ["$io in", "gain#1 out"]);
});

test("a reason is given against wires that would be wrong", () => {
    const own = threeInARow();
    const at = rootOf(own);
    assert.equal(reasonAgainst(at, out("gain#1"), into("limiter#1")), undefined);
    assert.match(reasonAgainst(at, out("limiter#1"), into("gain#1")) ?? "", /circle/);
    own.chains.main.externalPorts.push({
        ...own.chains.main.externalPorts[1],
        id: "sub",
        channels: 1,
        required: false,
    });
    assert.match(reasonAgainst(at, out("gain#1"), into("$io", "sub")) ?? "", /1 channels.*2/);
    assert.match(reasonAgainst(at, into("gain#1"), into("eq#1")) ?? "", /output/);
});

test("a file without lists of ports is read as its types have them", () => {
    const own = threeInARow();
    for (const node of own.chains.main.nodes) delete (node as Partial<typeof node>).ports;
    delete (own.chains.main as Partial<typeof own.chains.main>).externalPorts;
    assert.deepEqual(codes(own), []);
});
