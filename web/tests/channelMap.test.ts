import assert from "node:assert/strict";
import { test } from "node:test";
import { channelsText, parseChannels } from "../src/transport/channelMap";
import { inputOf, outputOf, sinkOf, sourceOf } from "../src/transport/ends";
import { randomNumbers } from "./randomNumbers";

function refusal(text: string, direction: "input" | "output" = "input"): string {
    const parsed = parseChannels(text, direction);
    return parsed.ok ? `taken: ${parsed.channels}` : parsed.reason;
}

test("channels: numbers, ranges and none are read, with any spaces", () => {
    const typed: [string, number[]][] = [
        ["3,4", [3, 4]], ["3-6", [3, 4, 5, 6]], ["1, 0, 5", [1, 0, 5]], ["  7 ", [7]], ["3 - 5 , 1", [3, 4, 5, 1]],
        ["2–4", [2, 3, 4]], ["5-5", [5]], ["0-2", [0, 1, 2]], ["03", [3]], ["256", [256]], ["1,1", [1, 1]],
    ];
    for (const [text, channels] of typed) assert.deepEqual(parseChannels(text, "input"), { ok: true, channels }, text);
    for (const text of ["", "  "]) assert.deepEqual(parseChannels(text, "output"), { ok: true, channels: undefined });
});

test("channels: what is no list is refused with what is wrong", () => {
    assert.match(refusal("3, x"), /^"x" is no channel: numbers from 1, ranges as 3-6, 0 for none/);
    for (const text of ["3 4", "1;2", "-3", "3-", "1-2-3", "1.5", "+1", "1e2"]) {
        assert.match(refusal(text), /is no channel/, text);
    }
    for (const text of [",", "3,", ",3", "3,,4"]) assert.match(refusal(text), /beside a comma/, text);
    assert.match(refusal("6-3"), /^"6-3" falls/);
    for (const text of ["0", "0, 0"]) assert.match(refusal(text), /^At least one channel/, text);
    for (const text of ["257", "1-257", "99999999999999999999", "300-2"]) assert.match(refusal(text), /too high/, text);
    assert.match(refusal("1-256,1"), /more than 256/);
    assert.match(refusal(`1-${"9".repeat(5000)}`), /^"1-9{18}…" is too high/);
});

test("channels: a card's output is used once, an input as often as wanted, none too", () => {
    assert.match(refusal("1, 2-4, 3", "output"), /output 3 is given twice/);
    assert.equal(refusal("0, 1, 0, 0", "output"), "taken: 0,1,0,0");
    assert.equal(refusal("1, 2-4, 3"), "taken: 1,2,3,4,3");
});

test("channels: shown shortly, in order as nothing", () => {
    const shown: [number[] | undefined, string][] = [
        [undefined, ""], [[3, 4, 5, 6], "3-6"], [[1, 0, 5], "1, 0, 5"], [[3, 4], "3, 4"], [[0, 1, 2, 3], "0, 1-3"],
        [[3, 2, 1], "3, 2, 1"], [[1, 2, 3, 3, 4, 5], "1-3, 3-5"],
    ];
    for (const [channels, text] of shown) assert.equal(channelsText(channels), text);
});

test("property: what is shown is read as the same list", () => {
    const numbers = randomNumbers(200_000).values();
    const random = (): number => numbers.next().value as number;
    for (let round = 0; round < 2000; round++) {
        const spread = 1 + Math.floor(random() * 256);
        const channels = [1];
        for (let count = Math.floor(random() * 40); count > 0; count--) {
            const next = random() < 0.6 ? channels[channels.length - 1] + 1 : Math.floor(random() * spread);
            channels.push(Math.min(next, 256));
        }
        const text = channelsText(channels);
        assert.deepEqual(parseChannels(text, "input"), { ok: true, channels }, text);
    }
});

test("channels: they go with the card both ways, and stay away where there are none", () => {
    const card = { kind: "card" as const, device: "Studio", channels: [3, 0, 4] };
    assert.deepEqual(inputOf(card, true), { type: "soundcard", deviceName: "Studio", channels: [3, 0, 4] });
    assert.deepEqual(sourceOf(inputOf(card, true)), card);
    assert.deepEqual(sinkOf(outputOf(card)), card);
    assert.deepEqual(outputOf({ ...card, channels: undefined }), { type: "soundcard", deviceName: "Studio" });
});
