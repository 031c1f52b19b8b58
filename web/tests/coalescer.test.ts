import assert from "node:assert/strict";
import { test } from "node:test";
import { Coalescer, Values } from "../src/node/coalescer";

/** A node that answers when it is told to, and a browser that draws when it is told to. */
class Bench {
    readonly sent: [string, Values][] = [];
    readonly confirmed: Values[] = [];
    readonly refused: Values[] = [];
    private frames: (() => void)[] = [];
    private answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
    readonly coalescer = new Coalescer({
        frame: (action) => this.frames.push(action),
        send: (instance, values) => {
            this.sent.push([instance, values]);
            return new Promise<void>((resolve, reject) => this.answers.push({ resolve, reject }));
        },
        confirmed: (_, values) => this.confirmed.push(values),
        refused: (_, values) => this.refused.push(values),
    });

    draw(): void {
        for (const frame of this.frames.splice(0)) frame();
    }

    async answer(error?: Error): Promise<void> {
        const next = this.answers.shift();
        if (error === undefined) next?.resolve();
        else next?.reject(error);
        await Promise.resolve();
        await Promise.resolve();
    }
}

test("nothing is sent before the next frame, and then the newest value", () => {
    const bench = new Bench();
    bench.coalescer.add("gain#1", { "gainDb#0": "-1" });
    bench.coalescer.add("gain#1", { "gainDb#0": "-2" });
    assert.deepEqual(bench.sent, []);
    bench.draw();
    assert.deepEqual(bench.sent, [["gain#1", { "gainDb#0": "-2" }]]);
});

test("one message is unanswered at a time, and the last value always arrives", async () => {
    const bench = new Bench();
    for (let value = 0; value < 100; value += 1) {
        bench.coalescer.add("gain#1", { "gainDb#0": String(value) });
        bench.draw();
    }
    assert.equal(bench.sent.length, 1);
    await bench.answer();
    bench.draw();
    assert.equal(bench.sent.length, 2);
    assert.deepEqual(bench.sent[1], ["gain#1", { "gainDb#0": "99" }]);
    await bench.answer();
    bench.draw();
    assert.equal(bench.sent.length, 2);
    assert.equal(bench.coalescer.isBusy, false);
});

test("values of one instance go together, those of several one after the other", async () => {
    const bench = new Bench();
    bench.coalescer.add("eq#1", { "freq#0#1": "100" });
    bench.coalescer.add("eq#1", { "gainDb#0#1": "3" });
    bench.coalescer.add("gain#1", { "mute#0": "true" });
    bench.draw();
    assert.deepEqual(bench.sent, [["eq#1", { "freq#0#1": "100", "gainDb#0#1": "3" }]]);
    await bench.answer();
    bench.draw();
    assert.deepEqual(bench.sent[1], ["gain#1", { "mute#0": "true" }]);
});

test("a refusal is told, and what waits is sent all the same", async () => {
    const bench = new Bench();
    bench.coalescer.add("gain#1", { "gainDb#0": "99" });
    bench.draw();
    bench.coalescer.add("gain#1", { "gainDb#0": "3" });
    await bench.answer(new Error("out of range"));
    assert.deepEqual(bench.refused, [{ "gainDb#0": "99" }]);
    bench.draw();
    await bench.answer();
    assert.deepEqual(bench.confirmed, [{ "gainDb#0": "3" }]);
});

test("what was dropped is not sent, and late answers to it mean nothing", async () => {
    const bench = new Bench();
    bench.coalescer.add("gain#1", { "gainDb#0": "1" });
    bench.draw();
    bench.coalescer.add("gain#1", { "gainDb#0": "2" });
    bench.coalescer.drop();
    await bench.answer();
    bench.draw();
    assert.equal(bench.sent.length, 1);
    assert.deepEqual(bench.confirmed, []);
    bench.coalescer.add("gain#1", { "gainDb#0": "3" });
    bench.draw();
    assert.deepEqual(bench.sent[1], ["gain#1", { "gainDb#0": "3" }]);
});
