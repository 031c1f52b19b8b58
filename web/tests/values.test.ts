import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueStore, wireText } from "../src/node/valueStore";

test("a wish is shown until it is settled", () => {
    const values = new ValueStore();
    values.confirm("gain#1", { "gainDb#0": "0" });
    values.wish("gain#1", { "gainDb#0": "-6" });
    assert.equal(values.get("gain#1", "gainDb#0"), "-6");
    assert.equal(values.confirmedValue("gain#1", "gainDb#0"), "0");
    values.settle("gain#1", { "gainDb#0": "-6" });
    assert.equal(values.get("gain#1", "gainDb#0"), "0");
});

test("a newer wish outlives the answer to an older one", () => {
    const values = new ValueStore();
    values.wish("gain#1", { "gainDb#0": "-6" });
    values.wish("gain#1", { "gainDb#0": "-7" });
    values.confirm("gain#1", { "gainDb#0": "-6" });
    values.settle("gain#1", { "gainDb#0": "-6" });
    assert.equal(values.get("gain#1", "gainDb#0"), "-7");
});

test("listeners are told of their own key only, and only of changes", () => {
    const values = new ValueStore();
    let count = 0;
    let all = 0;
    const stop = values.watch("gain#1", "gainDb#0", () => (count += 1));
    values.watchAll("gain#1", () => (all += 1));
    values.confirm("gain#1", { "gainDb#0": "1", "gainDb#1": "1" });
    values.confirm("gain#1", { "gainDb#1": "2" });
    values.confirm("gain#1", { "gainDb#0": "1" });
    assert.equal(count, 1);
    assert.equal(all, 2);
    assert.equal(values.version("gain#1"), 2);
    stop();
    values.confirm("gain#1", { "gainDb#0": "2" });
    assert.equal(count, 1);
});

test("a whole reading replaces everything, and tells of what is gone", () => {
    const values = new ValueStore();
    values.replace({ "gain#1": { "gainDb#0": "0" }, "eq#1": { enable: "true" } }, true);
    let told = 0;
    values.watch("eq#1", "enable", () => (told += 1));
    values.replace({ "gain#1": { "gainDb#0": "3" } }, true);
    assert.equal(values.get("gain#1", "gainDb#0"), "3");
    assert.equal(values.get("eq#1", "enable"), undefined);
    assert.equal(told, 1);
});

test("a reading of one instance leaves the others", () => {
    const values = new ValueStore();
    values.replace({ "gain#1": { a: "1" }, "eq#1": { b: "2" } }, true);
    values.replace({ "gain#1": { a: "3" } }, false);
    assert.deepEqual(values.all("eq#1"), { b: "2" });
    assert.deepEqual(values.all("gain#1"), { a: "3" });
});

test("wishes are dropped together", () => {
    const values = new ValueStore();
    values.confirm("gain#1", { a: "1" });
    values.wish("gain#1", { a: "2" });
    values.forgetWishes();
    assert.equal(values.get("gain#1", "a"), "1");
});

test("values are written as the node writes them", () => {
    assert.deepEqual([-3.5, -0, true, "peaking"].map(wireText), ["-3.5", "0", "true", "peaking"]);
});
