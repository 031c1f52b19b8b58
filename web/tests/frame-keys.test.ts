import assert from "node:assert/strict";
import { test } from "node:test";
import { keysOf, onEscape, registerKeys, startKeys } from "../src/frame/keys";

const page = new EventTarget();
Object.assign(globalThis, {
    window: page,
    document: { body: null, querySelector: () => null },
    HTMLElement: class {},
    HTMLInputElement: class {},
    HTMLSelectElement: class {},
    HTMLTextAreaElement: class {},
});
startKeys();

/** Whether the browser was kept from doing something itself. */
function press(key: string | undefined, parts: { repeat?: boolean; ctrlKey?: boolean } = {}): boolean {
    const event = Object.assign(new Event("keydown", { cancelable: true }), {
        key, repeat: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...parts,
    });
    page.dispatchEvent(event);
    return event.defaultPrevented;
}

test("a key that is held acts once, unless it repeats", () => {
    const done: string[] = [];
    const forget = registerKeys("global", {
        "m": () => void done.push("mute"),
        "ctrl+d": { title: "Duplicate", run: () => void done.push("duplicate") },
        "left": { title: "Along", run: () => void done.push("along"), repeats: true },
    });
    press("m");
    assert.ok(press("m", { repeat: true }));
    press("d", { ctrlKey: true });
    assert.ok(press("d", { ctrlKey: true, repeat: true }), "the browser's own bookmark does not open either");
    press("ArrowLeft");
    press("ArrowLeft", { repeat: true });
    press("ArrowLeft", { repeat: true });
    assert.deepEqual(done, ["mute", "duplicate", "along", "along", "along"]);
    forget();
    assert.ok(!press("m"));
});

test("a held key goes on where the first handler has nothing to do", () => {
    const done: string[] = [];
    let waiting = 1;
    const forgets = [
        registerKeys("global", { "ctrl+z": { title: "Undo", run: () => void done.push("undo"), repeats: true } }),
        registerKeys("flow", {
            "ctrl+z": { title: "", run: () => (waiting > 0 ? void (waiting -= 1) : false), repeats: true },
        }),
    ];
    press("z", { ctrlKey: true });
    assert.deepEqual(done, []);
    press("z", { ctrlKey: true, repeat: true });
    assert.deepEqual(done, ["undo"]);
    forgets.forEach((forget) => forget());
});

test("Esc that is held closes one thing only, and does not go on to panic", () => {
    const done: string[] = [];
    const forget = registerKeys("global", { esc: () => void done.push("panic") });
    const forgets = ["menu", "dialog"].map((name) => onEscape(() => {
        done.push(name);
        forgets.pop()?.();
    }));
    press("Escape");
    press("Escape", { repeat: true });
    assert.deepEqual(done, ["dialog"]);
    press("Escape");
    press("Escape", { repeat: true });
    assert.deepEqual(done, ["dialog", "menu"]);
    press("Escape");
    assert.deepEqual(done, ["dialog", "menu", "panic"]);
    forget();
});

test("an event without a key, as when a browser fills in a form, has no names and does nothing", () => {
    const held = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    assert.deepEqual(keysOf({ ...held, key: undefined as unknown as string }), []);
    assert.ok(!press(undefined));
});
