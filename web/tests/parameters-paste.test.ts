import assert from "node:assert/strict";
import { test } from "node:test";

import { fitting, moduleText, parseModuleText } from "../src/parameters/moduleText";
import { Quantity, UnitContext } from "../src/parameters/quantity";
import { blockInto, blockText, columnInto, columnText, isSeveral, numberReader,
    parseCells } from "../src/parameters/spreadsheet";

const context: UnitContext = { rate: 48000, speedOfSound: 343, delayUnit: "ms" };
const level: Quantity = { kind: "level", unit: "dB" };
const delay: Quantity = { kind: "delay", unit: "samples" };
const gains = numberReader(level, { min: -120, max: 24 }, context);
const delays = numberReader(delay, { min: 0, max: 96000 }, context);

function values(text: string, channels: number, first = 0, read = gains): [number | undefined, number | undefined][] {
    return columnInto(text, channels, first, read).cells.map((cell) => [cell.channel, cell.value]);
}

test("Cells come from tabs, semicolons and lines, with and without quotes", () => {
    assert.deepEqual(parseCells("-6\t1\r\n-3\t2\r\n"), [["-6", "1"], ["-3", "2"]]);
    assert.deepEqual(parseCells("-6,5;1\n-3,5;2"), [["-6,5", "1"], ["-3,5", "2"]]);
    assert.deepEqual(parseCells("\"a \"\"b\"\"\"\t2"), [["a \"b\"", "2"]]);
    assert.deepEqual(parseCells("-6, -3, 0"), [["-6", "-3", "0"]]);
    assert.ok(isSeveral("1\n2"));
    assert.ok(isSeveral("1\t2"));
    assert.ok(!isSeveral("1,5\n"));
    assert.ok(!isSeveral("12 cm"));
});

test("A column goes into channels, from the one given on", () => {
    assert.deepEqual(values("-6\n-3,5\n0 dB\n", 4), [[0, -6], [1, -3.5], [2, 0]]);
    assert.deepEqual(values("-6\n-3", 4, 2), [[2, -6], [3, -3]]);
    assert.deepEqual(values("3 ms\n12 cm\n7 samples", 4, 0, delays), [[0, 144], [1, 17], [2, 7]]);
});

test("A row is a column lying down", () => {
    assert.deepEqual(values("-6\t-3\t0", 4), [[0, -6], [1, -3], [2, 0]]);
});

test("Headers, labels and numbering are no values; empty cells change nothing", () => {
    const pasted = columnInto("Gain\n-6\n\n-3\n", 4, 0, gains);
    assert.equal(pasted.header, "Gain");
    assert.deepEqual(pasted.cells.map((cell) => [cell.channel, cell.value]), [[0, -6], [1, undefined], [2, -3]]);
    assert.deepEqual(values("1\t-6\n2\t-3\n3\t-1", 4), [[0, -6], [1, -3], [2, -1]]);
    assert.deepEqual(values("Left\t-6\nRight\t-3", 4), [[0, -6], [1, -3]]);
    assert.deepEqual(values("Channel;Gain\nLeft;-6\nRight;-3", 4), [[0, -6], [1, -3]]);
});

test("Cells that are no values, out of range or too many say why", () => {
    const pasted = columnInto("-6\nloud\n99\n-1", 3, 0, gains);
    assert.deepEqual(pasted.cells.map((cell) => cell.value), [-6, undefined, undefined, undefined]);
    assert.match(pasted.cells[1].reason ?? "", /"loud" is no number/);
    assert.match(pasted.cells[2].reason ?? "", /−120 to 24 dB/);
    assert.equal(pasted.cells[3].reason, "There is no channel 4.");
});

test("A block goes into a matrix from one crosspoint on", () => {
    const block = blockInto("0\t-6\n\toff\n1\t2\t3", 3, 3, { row: 0, column: 1 }, gains);
    assert.deepEqual(block.values, [
        { row: 0, column: 1, value: 0 }, { row: 0, column: 2, value: -6 }, { row: 1, column: 2, value: -120 },
        { row: 2, column: 1, value: 1 }, { row: 2, column: 2, value: 2 },
    ]);
    assert.deepEqual(block.faults, ["3 lies outside the matrix."]);
});

test("What is copied out pastes back", () => {
    const column = [-6, -3.5, -120, 24];
    assert.deepEqual(values(columnText(column), 4).map(([, value]) => value), column);
    const rows = [[0, -6], [-120, 3.25]];
    assert.deepEqual(blockInto(blockText(rows), 2, 2, { row: 0, column: 0 }, gains).values.map(({ value }) => value),
        rows.flat());
});

test("A module's values travel as text and go only where they fit", () => {
    const copied = { moduleType: "channel_gain_v1", params: { "gainDb#0": "-6", "gainDb#7": "-3", enable: "false" } };
    const read = parseModuleText(moduleText(copied));
    assert.deepEqual(read, copied);
    assert.equal(parseModuleText("-6\n-3"), null);
    assert.equal(parseModuleText("{\"kind\": \"soundpost/module\"}"), null);
    assert.equal(parseModuleText("soundpost/module {"), null);
    const fit = fitting(copied, (key) => key !== "gainDb#7", (key) => key !== "enable");
    assert.deepEqual(fit, { params: { "gainDb#0": "-6" }, left: 1 });
});
