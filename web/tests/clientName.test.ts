import assert from "node:assert/strict";
import { test } from "node:test";
import { claimClientName, renameClient } from "../src/node/clientName";

/** Locks that are held, as the pages of one browser share them. */
const held = new Set<string>();

function storage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
    const items = new Map<string, string>();
    return {
        getItem: (key) => items.get(key) ?? null,
        setItem: (key, value) => void items.set(key, value),
        removeItem: (key) => void items.delete(key),
    };
}

Object.assign(globalThis, { localStorage: storage(), sessionStorage: storage() });
Object.defineProperty(globalThis, "navigator", {
    value: {
        locks: {
            /** Waits for a lock only until it is told not to. */
            async request(name: string, options: { signal: AbortSignal }, hold: () => Promise<void>): Promise<void> {
                if (held.has(name)) {
                    await new Promise((_, reject) => {
                        options.signal.addEventListener("abort", () => reject(new Error("aborted")));
                    });
                }
                held.add(name);
                await hold();
                held.delete(name);
            },
        },
    },
});

const lock = (name: string): string => `soundpost.client.${name}`;

test("another name gives the one before free, so that it can be taken again", async () => {
    const first = await claimClientName();
    assert.deepEqual([...held], [lock(first)]);
    assert.ok(await renameClient("tablet"));
    await Promise.resolve();
    assert.deepEqual([...held], [lock("tablet")]);
    assert.ok(await renameClient(first));
    assert.ok(await renameClient(first), "its own name is no other page's");
    await Promise.resolve();
    assert.deepEqual([...held], [lock(first)]);
});

test("a name that another page has is refused, and the own one is kept", async () => {
    const before = [...held];
    held.add(lock("desk"));
    assert.equal(await renameClient("desk"), false);
    assert.equal(await renameClient("no name"), false);
    assert.deepEqual([...held], [...before, lock("desk")]);
});
