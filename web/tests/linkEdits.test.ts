import assert from "node:assert/strict";
import { test } from "node:test";
import { LinkEdits, Outcome } from "../src/node/linkEdits";
import type { LinkConfig } from "../src/node/types";

function link(name: string): LinkConfig {
    return {
        version: "2.2", rootChainId: "main", global: { channels: 2, sampleRate: 48000, frameSize: 240 },
        chains: { main: { id: "main", name, externalPorts: [], nodes: [], edges: [] } },
    };
}

class Bench {
    shown: string | undefined;
    readonly writes: string[] = [];
    readonly refusals: string[] = [];
    private answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
    reads = 0;
    readonly edits = new LinkEdits({
        write: (written, values, revision) => {
            const given = Object.keys(values).length ? ` ${JSON.stringify(values)}` : "";
            this.writes.push(`${written.chains.main.name}@${revision}${given}`);
            return new Promise((resolve, reject) => {
                this.answers.push({ resolve: () => resolve((revision ?? 0) + 1), reject });
            });
        },
        failure: (error) => {
            const words = (error as Error).message;
            return words === "outdated" || words === "lost" ? { is: words } : { is: "refused", faults: [] };
        },
        show: (shown) => (this.shown = shown?.chains.main.name),
        read: () => (this.reads += 1),
        written: () => undefined,
        refused: (title) => this.refusals.push(title),
    });

    confirm(name: string, revision = 1, isNewest = true): void {
        this.edits.confirm({ link: link(name), revision }, isNewest);
    }

    add(text: string): Promise<Outcome> {
        const change = (changed: LinkConfig): void => {
            changed.chains.main.name += text;
        };
        return this.edits.edit({ title: `add ${text}`, change });
    }

    async answer(error?: Error): Promise<void> {
        const next = this.answers.shift();
        if (error === undefined) next?.resolve();
        else next?.reject(error);
        await new Promise((resolve) => setTimeout(resolve, 0));
    }
}

test("an edit is shown before the node has answered", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const done = bench.add("1");
    assert.equal(bench.shown, "x1");
    await bench.answer();
    assert.equal((await done).is, "done");
    assert.equal(bench.shown, "x1");
});

test("edits are written one after the other, each on top of the ones before", async () => {
    const bench = new Bench();
    bench.confirm("x");
    void bench.add("1");
    void bench.add("2");
    assert.equal(bench.shown, "x12");
    assert.deepEqual(bench.writes, ["x1@1"]);
    await bench.answer();
    assert.deepEqual(bench.writes, ["x1@1", "x12@2"]);
    await bench.answer();
    assert.equal(bench.shown, "x12");
});

test("a refused edit is taken back and the next one is made without it", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const first = bench.add("1");
    const second = bench.add("2");
    await bench.answer(new Error("no"));
    assert.equal((await first).is, "refused");
    assert.deepEqual(bench.refusals, ["add 1"]);
    assert.equal(bench.shown, "x2");
    assert.deepEqual(bench.writes, ["x1@1", "x2@1"]);
    await bench.answer();
    assert.equal((await second).is, "done");
});

test("a chain that somebody else wrote keeps the edits that wait", async () => {
    const bench = new Bench();
    bench.confirm("x");
    void bench.add("1");
    void bench.add("2");
    bench.confirm("y");
    assert.equal(bench.shown, "y12");
});

test("a lost connection leaves what was confirmed", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const done = bench.add("1");
    assert.equal(bench.edits.drop(), true);
    assert.equal((await done).is, "lost");
    assert.equal(bench.shown, "x");
    await bench.answer();
    assert.equal(bench.shown, "x");
});

test("an edit that cannot be made is refused without a message", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const change = (): void => {
        throw new Error("The module is gone.");
    };
    const done = bench.edits.edit({ title: "break", change });
    assert.equal((await done).is, "refused");
    assert.deepEqual(bench.writes, []);
    assert.deepEqual(bench.refusals, ["break"]);
});

test("an edit waits while another chain is on its way, and is made on top of that", async () => {
    const bench = new Bench();
    bench.confirm("x");
    bench.edits.expectAnother();
    const done = bench.add("1");
    assert.equal(bench.shown, "x1");
    assert.deepEqual(bench.writes, []);
    bench.confirm("y", 1, false);
    assert.deepEqual(bench.writes, []);
    bench.confirm("z");
    assert.deepEqual(bench.writes, ["z1@1"]);
    await bench.answer();
    assert.equal((await done).is, "done");
});

test("after a lost connection an edit waits until the chain is read", async () => {
    const bench = new Bench();
    bench.confirm("x");
    assert.equal(bench.edits.drop(), false);
    void bench.add("1");
    assert.deepEqual(bench.writes, []);
    bench.confirm("y", 7);
    assert.deepEqual(bench.writes, ["y1@7"]);
});

test("an edit of a chain that somebody else has changed is made again on top of that", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const done = bench.add("1");
    await bench.answer(new Error("outdated"));
    assert.deepEqual([bench.reads, bench.shown, bench.refusals], [1, "x1", []]);
    bench.confirm("y", 2);
    assert.deepEqual(bench.writes, ["x1@1", "y1@2"]);
    await bench.answer();
    assert.equal((await done).is, "done");
});

test("an edit without an answer is told apart from a refused one, and the chain is read", async () => {
    const bench = new Bench();
    bench.confirm("x");
    const done = bench.add("1");
    const next = bench.add("2");
    await bench.answer(new Error("lost"));
    assert.equal((await done).is, "lost");
    assert.deepEqual([bench.reads, bench.writes], [1, ["x1@1"]]);
    bench.confirm("x1", 2);
    await bench.answer();
    assert.equal((await next).is, "done");
});

test("values are asked for with the chain that an edit makes", () => {
    const bench = new Bench();
    bench.confirm("x");
    const change = (changed: LinkConfig): void => {
        changed.chains.main.name = "z";
    };
    void bench.edits.edit({ title: "z", change, values: (own) => ({ [own.chains.main.name]: { gainDb: -3 } }) });
    assert.deepEqual(bench.writes, ['z@1 {"z":{"gainDb":-3}}']);
});

test("whoever waits for the edits is told when none is left", async () => {
    const bench = new Bench();
    bench.confirm("x");
    let isSettled = false;
    await bench.edits.settled();
    void bench.add("1");
    void bench.add("2");
    void bench.edits.settled().then(() => (isSettled = true));
    await bench.answer();
    assert.equal(isSettled, false);
    await bench.answer();
    assert.equal(isSettled, true);
});
