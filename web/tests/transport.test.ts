import assert from "node:assert/strict";
import { test } from "node:test";
import { freeName, longestName, mendedName, nameFault } from "../src/transport/audioName";
import {
    Device, SinkChoice, SourceChoice, deviceText, devicesFor, inputOf, outputOf, sinkOf, sourceOf,
} from "../src/transport/ends";
import { Played, positionAfter, seekStep } from "../src/transport/position";
import { SeekDrag } from "../src/transport/seekDrag";
import { bytesText, parseTime, rateText, timeText } from "../src/transport/timeText";
import { UploadItem, takenNames, uploads } from "../src/transport/uploads";

test("names: what the node takes is taken, what it refuses is explained", () => {
    for (const name of ["a", "music.wav", "Song_2-b#1.flac", "x".repeat(64)]) assert.equal(nameFault(name), undefined);
    for (const name of ["", ".hidden.wav", "a b.wav", "a/b.wav", "Ünder.wav", "x".repeat(65), "a\u0000b"]) {
        assert.ok((nameFault(name) ?? "").length > 5, name);
    }
    assert.match(nameFault("a b.wav") ?? "", /space/);
});

test("names: mending keeps what can be kept", () => {
    const pairs = {
        "Grüße aus Köln (Live).wav": "Gruesse-aus-Koeln-Live.wav",
        "Café del Mar.mp3": "Cafe-del-Mar.mp3",
        "C:\\sounds\\kick.wav": "kick.wav",
        "../../etc/passwd": "passwd",
        "..wav": "audio.wav",
        "🎵.flac": "audio.flac",
        "  ": "audio",
        "R&B + Soul.ogg": "RandB-plus-Soul.ogg",
        "fine_name.wav": "fine_name.wav",
    };
    for (const [name, mended] of Object.entries(pairs)) assert.equal(mendedName(name), mended);
    const long = mendedName(`${"long ".repeat(40)}.flac`);
    assert.equal(nameFault(long), undefined);
    assert.ok(long.endsWith(".flac"));
});

test("property: a mended name has no fault, mending again changes nothing, a free name is free", () => {
    let state = 12345;
    const random = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
    const letters = [..."abcXYZ019._#-  /\\äöüßéñ漢字🎵\u0000\n'\"&+%?*:|<>~.wav.flac"];
    for (let round = 0; round < 5000; round++) {
        const name = Array.from({ length: random(100) }, () => letters[random(letters.length)]).join("");
        const mended = mendedName(name);
        assert.equal(nameFault(mended), undefined, JSON.stringify([name, mended]));
        assert.equal(mendedName(mended), mended, JSON.stringify([name, mended]));
        const free = freeName(mended, [mended, freeName(mended, [mended])]);
        assert.equal(nameFault(free), undefined);
        assert.notEqual(free, mended);
        assert.ok(free.length <= longestName);
    }
});

test("times: shown and typed", () => {
    assert.deepEqual([0, 7000, 185_900, 3_729_000].map((ms) => timeText(ms)), ["0:00", "0:07", "3:05", "1:02:09"]);
    assert.deepEqual([timeText(61_450, true), timeText(-5, true)], ["1:01.4", "0:00.0"]);
    const typed: [string, number | undefined][] = [
        ["1:23", 83_000], ["83", 83_000], ["0:05.5", 5500], ["1:02:09,5", 3_729_500], ["2m", 120_000], ["90 s", 90_000],
        ["1m30s", 90_000], ["1h", 3_600_000], [" 7 ", 7000], [".5", 500],
        ["", undefined], ["abc", undefined], ["1:60", undefined], ["1:99:00", undefined], ["-3", undefined],
        ["1:2:3:4", undefined],
    ];
    for (const [text, ms] of typed) assert.equal(parseTime(text), ms, text);
    assert.deepEqual([bytesText(812), bytesText(8120), bytesText(7_680_058)], ["812 B", "8.1 kB", "7.7 MB"]);
    assert.deepEqual([rateText(44_100), rateText(48_000)], ["44.1 kHz", "48 kHz"]);
});

test("position: goes on while playing, stands while paused, loops or stays at the end", () => {
    const status: Played = {
        running: true, seekable: true, playing: true, loop: true, positionMs: 9000, durationMs: 10_000, ended: false,
    };
    assert.equal(positionAfter(status, 500), 9500);
    assert.equal(positionAfter(status, 1500), 500);
    assert.equal(positionAfter({ ...status, loop: false }, 1500), 10_000);
    assert.equal(positionAfter({ ...status, playing: false }, 1500), 9000);
    assert.equal(positionAfter({ ...status, running: false }, 1500), 9000);
    assert.equal(positionAfter({ ...status, durationMs: 0 }, 1500), 10_500);
    assert.equal(positionAfter(status, -100), 9000);
});

test("seek bar: keys step and stay inside", () => {
    assert.equal(seekStep("ArrowRight", 1000, 60_000, false), 6000);
    assert.equal(seekStep("ArrowLeft", 1000, 60_000, true), 0);
    assert.equal(seekStep("PageUp", 50_000, 60_000, false), 59_900);
    assert.equal(seekStep("Home", 50_000, 60_000, false), 0);
    assert.equal(seekStep("End", 0, 60_000, false), 59_000);
    assert.equal(seekStep("a", 0, 60_000, false), undefined);
});

test("ends: what is chosen is what is sent, and what is in force is shown", () => {
    const sources: SourceChoice[] = [
        { kind: "file", name: "a.wav" }, { kind: "generator" }, { kind: "silence" }, { kind: "card", device: "x" },
    ];
    for (const choice of sources) {
        assert.deepEqual(sourceOf(inputOf(choice, true)), choice);
    }
    const sinks: SinkChoice[] = [
        { kind: "none" }, { kind: "browser" }, { kind: "card", device: "" }, { kind: "file", name: "o.wav" },
    ];
    for (const choice of sinks) {
        assert.deepEqual(sinkOf(outputOf(choice)), choice);
    }
    assert.deepEqual(inputOf({ kind: "file", name: "a.wav" }, false), { type: "file", path: "a.wav", loop: false });
});

test("devices: of one direction, the default first, with rates and channels", () => {
    const device = (name: string, direction: "input" | "output", isDefault: boolean): Device => ({
        id: `${direction}:${name}`, name, direction, isDefault, hostApi: "ALSA", sampleRate: 48000,
        sampleRates: [44_100, 48_000], channels: 2,
    });
    const all = [device("b", "output", false), device("a", "input", true), device("c", "output", true)];
    assert.deepEqual(devicesFor(all, "output").map((each) => each.name), ["c", "b"]);
    assert.equal(deviceText(all[0]), "2 channels, 44.1, 48 kHz");
});

test("uploads: a name is taken by files at the node and by those on their way to it", () => {
    const item = (name: string, state: UploadItem["state"]): UploadItem => (
        { id: 1, original: name, name, bytes: 1, state, part: 0, fault: null });
    const items = [item("b.wav", "waiting"), item("c.wav", "sending"), item("d.wav", "asking"), item("e.wav", "failed")];
    assert.deepEqual(takenNames([{ name: "a.wav" }], items), ["a.wav", "b.wav", "c.wav", "d.wav"]);
});

test("uploads: the second of two files that come to the same name is asked about", () => {
    class Request {
        upload = {};
        open(): void {}
        setRequestHeader(): void {}
        send(): void {}
        abort(): void {}
    }
    Object.assign(globalThis, { XMLHttpRequest: Request });
    const file = (name: string): File => ({ name, size: 8 }) as File;
    uploads.add([file("song.wav"), file("folder/song.wav"), file("other.wav")]);
    assert.deepEqual(uploads.getState().map((item) => [item.name, item.state]), [
        ["song.wav", "sending"], ["song.wav", "asking"], ["other.wav", "waiting"],
    ]);
});

test("seek bar: it stays where it was let go until the node has followed, and a second drag goes on", () => {
    const drag = new SeekDrag();
    drag.move(10);
    assert.equal(drag.position, null, "a pointer that only passes holds nothing");
    drag.press(100);
    drag.move(200);
    assert.equal(drag.release(), 200);
    drag.move(300);
    assert.equal(drag.position, 200, "let go is let go");
    drag.press(400);
    drag.settle(200);
    assert.equal(drag.position, 400, "the first answer does not end the second drag");
    drag.move(200);
    drag.settle(200);
    assert.equal(drag.position, 200);
    assert.equal(drag.release(), 200);
    assert.equal(drag.release(), null);
    drag.settle(200);
    assert.equal(drag.position, null);
    drag.press(500);
    drag.cancel();
    assert.equal(drag.position, null);
    assert.equal(drag.release(), null);
});
