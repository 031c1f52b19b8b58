import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "../src/flow/chain/check";
import { addNode } from "../src/flow/chain/modules";
import { connect, disconnect, insertOnEdge } from "../src/flow/chain/wires";
import { judge, replay, titleOfSteps, withoutIdle } from "../src/flow/draft";
import type { Step } from "../src/flow/draft";
import { fuzzySearch } from "../src/flow/fuzzy";
import { neighbour, readingOrder } from "../src/flow/neighbours";
import { draw, INPUTS, OUTPUTS } from "../src/flow/drawing";
import { placed } from "../src/flow/chain/places";
import { setEnabled } from "../src/flow/chain/modules";
import type { LinkConfig } from "../src/node/types";
import { library, rootOf, threeInARow, wires } from "./flowChains";

const faultsOf = (own: LinkConfig) => inspect(own, library).faults;
const addGain: Step = {
    title: "Add gain#2",
    change: (own) => addNode(rootOf(own), "channel_gain_v1", "gain#2", { x: 0, y: 200 }),
};
const putIn: Step = { title: "Put gain#2 into a wire", change: (own) => insertOnEdge(rootOf(own), "e2", "gain#2") };
const bypass: Step = { title: "Bypass eq#1", change: (own) => setEnabled(rootOf(own), ["eq#1"], false) };

test("a step that makes a chain that runs goes to the node", () => {
    const verdict = judge(threeInARow(), [], bypass, faultsOf);
    assert.deepEqual([verdict.to, verdict.to === "node" && verdict.steps.length], ["node", 1]);
});

test("a step that does not waits, and goes with the one that makes it whole", () => {
    const own = threeInARow();
    const first = judge(own, [], addGain, faultsOf);
    assert.equal(first.to, "draft");
    const second = judge(own, [addGain], putIn, faultsOf);
    assert.equal(second.to, "node");
    assert.deepEqual(
        second.to === "node" && second.steps.map((step) => step.title),
        ["Add gain#2", "Put gain#2 into a wire"],
    );
});

test("a step that has nothing to do with those that wait goes by itself", () => {
    const verdict = judge(threeInARow(), [addGain], bypass, faultsOf);
    assert.equal(verdict.to, "node");
    assert.deepEqual(verdict.to === "node" && [verdict.steps, verdict.waiting], [[bypass], [addGain]]);
});

test("a step about something that waits does not go by itself", () => {
    const both: Step = {
        title: "Bypass both",
        change: (own) => setEnabled(rootOf(own), own.chains.main.nodes.map((node) => node.instanceId), false),
    };
    const verdict = judge(threeInARow(), [addGain], both, faultsOf);
    assert.equal(verdict.to, "draft");
});

test("a step that cannot be made says why", () => {
    const verdict = judge(threeInARow(), [], putIn, faultsOf);
    assert.match(verdict.to === "nothing" ? verdict.reason : "", /gain#2/);
});

test("steps that do not fit a changed chain are named", () => {
    const made = replay(threeInARow(), [addGain, { title: "Gone", change: () => assert.fail("gone") }, putIn]);
    assert.deepEqual(made.lost.map((step) => step.title), ["Gone"]);
    assert.ok(wires(made.link).includes("gain#2.out>eq#1.in"));
});

test("taking a wire out and leading another to its place goes at once", () => {
    const out: Step = { title: "Take a wire out", change: (own) => disconnect(rootOf(own), ["e2"]) };
    const again: Step = {
        title: "Connect",
        change: (own) => connect(rootOf(own), { module: "gain#1", port: "out" }, { module: "eq#1", port: "in" }),
    };
    assert.equal(judge(threeInARow(), [], out, faultsOf).to, "draft");
    assert.equal(judge(threeInARow(), [out], again, faultsOf).to, "node");
});

test("titles of several steps stay short", () => {
    const step = (title: string): Step => ({ title, change: () => undefined });
    assert.equal(titleOfSteps([step("A"), step("A"), step("B")]), "A, B");
    assert.equal(titleOfSteps(["A", "B", "C", "D"].map(step)), "A, B and 2 more");
});

test("steps that a chain has already are told from those that it lacks", () => {
    const steps: Step[] = [bypass, addGain, putIn];
    const made = replay(threeInARow(), [bypass]).link;
    assert.deepEqual(withoutIdle(made, steps, () => true), [addGain, putIn]);
    assert.deepEqual(withoutIdle(made, steps, (step) => step !== bypass), steps);
    assert.deepEqual(withoutIdle(threeInARow(), steps, () => true), steps);
});

test("after a refusal a step that has nothing to do with the refused ones goes by itself", () => {
    const refused: Step[] = [addGain, putIn];
    const alone = judge(threeInARow(), refused, bypass, faultsOf, true);
    assert.deepEqual(alone.to === "node" && [alone.steps, alone.waiting], [[bypass], refused]);
    const together = judge(threeInARow(), refused, bypass, faultsOf);
    assert.deepEqual(together.to === "node" && [together.steps, together.waiting], [[...refused, bypass], []]);
    const about: Step = { title: "Bypass gain#2", change: (own) => setEnabled(rootOf(own), ["gain#2"], false) };
    const mended = judge(threeInARow(), refused, about, faultsOf, true);
    assert.deepEqual(mended.to === "node" && mended.steps.length, 3);
});

test("searching forgives what is left out, and prefers beginnings", () => {
    const names = ["Gain", "Generator", "Equaliser", "Level meter", "Limiter"];
    const find = (query: string) => fuzzySearch(query, names, (name) => [name]);
    assert.equal(find("g")[0], "Gain");
    assert.equal(find("lim")[0], "Limiter");
    assert.deepEqual(find("lm"), ["Level meter", "Limiter"]);
    assert.deepEqual(find("xyz"), []);
    assert.equal(find("").length, 5);
});

function drawn(own: LinkConfig) {
    const inspection = inspect(own, library);
    const faults = placed(own, inspection.faults);
    const subject = { link: own, library, inspection, faults, key: "main", path: [], showsLevels: false };
    return { ...subject, cores: { "gain#1": 0, "eq#1": 1, "limiter#1": 1 } };
}

test("a drawing has modules, borders, wires, channels and cores", () => {
    const drawing = draw(drawn(threeInARow()));
    assert.deepEqual(drawing.modules.map((module) => module.id), [INPUTS, OUTPUTS, "gain#1", "eq#1", "limiter#1"]);
    assert.deepEqual(
        drawing.wires.map((wire) => [wire.channels, wire.isCrossCore]),
        [[2, false], [2, true], [2, false], [2, false]],
    );
    const inputs = drawing.byID.get(INPUTS);
    assert.ok(inputs && inputs.box.x + inputs.box.width < 0);
});

test("what has not changed is the same object, so that it is not drawn again", () => {
    const before = draw(drawn(threeInARow()));
    const own = threeInARow();
    own.chains.main.nodes[1].position.y = 40;
    const after = draw(drawn(own), before);
    assert.equal(after.byID.get("gain#1"), before.byID.get("gain#1"));
    assert.notEqual(after.byID.get("eq#1"), before.byID.get("eq#1"));
    assert.equal(after.wires[0], before.wires[0]);
});

test("arrow keys follow wires and end at the borders", () => {
    const drawing = draw(drawn(threeInARow()));
    assert.equal(neighbour(drawing, INPUTS, "right"), "gain#1");
    assert.equal(neighbour(drawing, "gain#1", "right"), "eq#1");
    assert.equal(neighbour(drawing, "gain#1", "left"), INPUTS);
    assert.equal(neighbour(drawing, OUTPUTS, "right"), undefined);
    assert.equal(neighbour(drawing, "gain#1", "up"), undefined);
    assert.deepEqual(readingOrder(drawing), [INPUTS, "gain#1", "eq#1", "limiter#1", OUTPUTS]);
});
