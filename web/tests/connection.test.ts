import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionEvent, Machine, pause, pauses, start, step } from "../src/node/connectionMachine";

function after(...events: ConnectionEvent[]): Machine {
    return events.reduce((machine, event) => step(machine, event)[0], start);
}

test("a connection opens at the first attempt", () => {
    const [machine, actions] = step(start, { type: "try" });
    assert.equal(machine.state, "connecting");
    assert.deepEqual(actions, [{ type: "open" }]);
    assert.equal(step(machine, { type: "opened" })[0].state, "open");
});

test("a lost connection fails what was asked, and is tried again after a pause", () => {
    const open = after({ type: "try" }, { type: "opened" });
    const [lost, actions] = step(open, { type: "closed", now: 5000 });
    assert.equal(lost.state, "lost");
    assert.equal(lost.lostSince, 5000);
    assert.deepEqual(actions, [{ type: "failRequests" }, { type: "retry", afterMs: pauses.first }]);
});

test("the moment of the loss stays the same over failed attempts", () => {
    const machine = after(
        { type: "try" }, { type: "opened" }, { type: "closed", now: 1000 }, { type: "try" }, { type: "closed", now: 9000 },
    );
    assert.equal(machine.lostSince, 1000);
    assert.equal(after({ type: "try" }, { type: "opened" }).lostSince, null);
});

test("pauses double up to the longest", () => {
    assert.deepEqual([1, 2, 3, 4, 5, 6, 20].map(pause), [250, 500, 1000, 2000, 4000, 5000, 5000]);
});

test("a connection that came back begins with short pauses again", () => {
    const again = after(
        { type: "try" }, { type: "closed", now: 1 }, { type: "try" }, { type: "closed", now: 2 }, { type: "try" }, { type: "opened" },
    );
    const [, actions] = step(again, { type: "closed", now: 3 });
    assert.deepEqual(actions[1], { type: "retry", afterMs: pauses.first });
});

test("a refusal waits for a token instead of trying again", () => {
    const refusal = { code: "token_missing", message: "A token is needed." };
    const [refused, actions] = step(after({ type: "try" }), { type: "closed", now: 7, refusal });
    assert.equal(refused.state, "refused");
    assert.deepEqual(actions, [{ type: "failRequests" }]);
    assert.deepEqual(step(refused, { type: "try" })[1], []);
    const [connecting, next] = step(refused, { type: "token" });
    assert.equal(connecting.state, "connecting");
    assert.equal(connecting.refusal, null);
    assert.deepEqual(next, [{ type: "open" }]);
});

test("an open connection is not opened again", () => {
    const open = after({ type: "try" }, { type: "opened" });
    assert.deepEqual(step(open, { type: "try" }), [open, []]);
    assert.deepEqual(step(open, { type: "token" }), [open, []]);
});
