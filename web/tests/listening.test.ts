import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameMix, mixOf } from "../src/transport/listening/channels";
import { JitterControl, usualLimits } from "../src/transport/listening/control";
import { AudioPacket, readPacket } from "../src/transport/listening/packet";
import { StreamPlayer } from "../src/transport/listening/player";
import { Resampler } from "../src/transport/listening/resampler";
import { StereoRing } from "../src/transport/listening/ring";

/** Numbers from 0 to 1 that are the same in every run. */
function randomOf(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}

/** A tone of 100 Hz in packets, continuous from one to the next. */
class Tone {
    private at = 0;
    frame = 0;

    constructor(public rate: number, private channels: number, private count: number) {}

    next(): AudioPacket {
        const samples = new Float32Array(this.count * this.channels);
        for (let index = 0; index < this.count; index++) {
            const value = 0.5 * Math.sin((2 * Math.PI * 100 * this.at++) / this.rate);
            samples.fill(value, index * this.channels, (index + 1) * this.channels);
        }
        return { frame: this.frame++, rate: this.rate, channels: this.channels, count: this.count, samples };
    }
}

/** The steepest step between samples that a clean tone with fades may have. */
function steepest(hertz: number, peak: number, rate: number): number {
    const fade = 0.006 * rate;
    return (2 * Math.PI * hertz * peak) / rate * 1.02 + (peak * Math.PI) / 2 / fade + peak / (fade - 1) + 2e-4;
}

function largestStep(sound: number[]): number {
    let largest = Math.abs(sound[0] ?? 0);
    for (let index = 1; index < sound.length; index++) {
        largest = Math.max(largest, Math.abs(sound[index] - sound[index - 1]));
    }
    return largest;
}

function pull(player: StreamPlayer, into: number[], frames = 128): void {
    const left = new Float32Array(frames);
    player.pull(left, new Float32Array(frames));
    into.push(...left);
}

test("a packet is read as the node writes it, and rubbish is refused", () => {
    const data = new ArrayBuffer(12 + 4 * 4);
    const view = new DataView(data);
    view.setUint32(0, 7, true);
    view.setUint32(4, 48000, true);
    view.setUint16(8, 2, true);
    view.setUint16(10, 2, true);
    [0.5, -0.5, 0.25, -0.25].forEach((value, index) => view.setFloat32(12 + 4 * index, value, true));
    const packet = readPacket(data);
    assert.deepEqual([packet?.frame, packet?.rate, packet?.channels, packet?.count], [7, 48000, 2, 2]);
    assert.deepEqual([...(packet?.samples ?? [])], [0.5, -0.5, 0.25, -0.25]);
    assert.equal(readPacket(data.slice(0, 20)), undefined);
    assert.equal(readPacket(new ArrayBuffer(3)), undefined);
    assert.equal(readPacket(new ArrayBuffer(12)), undefined);
});

test("a pair is heard as it is, a downmix never exceeds full scale", () => {
    const pair = mixOf({ kind: "pair", left: 3, right: 0 }, 4);
    assert.deepEqual([[...pair.left], [...pair.right]], [[0, 0, 0, 1], [1, 0, 0, 0]]);
    assert.deepEqual([...mixOf({ kind: "pair", left: 9, right: 9 }, 2).left], [0, 1]);
    for (let channels = 1; channels <= 32; channels++) {
        const mix = mixOf({ kind: "downmix" }, channels);
        for (const ear of [mix.left, mix.right]) assert.ok(ear.reduce((sum, gain) => sum + gain, 0) <= 1.000001);
        assert.ok([...mix.left].every((gain, index) => gain > 0 || mix.right[index] > 0), "every channel is heard");
    }
    assert.ok(isSameMix(mixOf({ kind: "downmix" }, 2), mixOf({ kind: "pair", left: 0, right: 1 }, 2)));
});

test("the resampler keeps a tone to −70 dB at neighbouring and at different rates", () => {
    for (const [from, to] of [[48000, 48000], [48000, 48096], [44100, 48000], [96000, 48000]]) {
        const ring = new StereoRing(from);
        const hertz = 1000;
        for (let index = 0; index < from / 2; index++) ring.push(Math.sin((2 * Math.PI * hertz * index) / from), 1);
        const step = from / to;
        const resampler = new Resampler(step);
        let worst = 0;
        for (let index = 0; index < 4000; index++) {
            const place = index * step + resampler.half - 1;
            resampler.read(ring, step);
            worst = Math.max(worst, Math.abs(resampler.left - Math.sin((2 * Math.PI * hertz * place) / from)));
            assert.ok(Math.abs(resampler.right - 1) < 1e-5);
        }
        assert.ok(worst < 10 ** (-70 / 20), `${from} to ${to}: ${20 * Math.log10(worst)} dB`);
    }
});

test("control: playing begins at the target, an underrun raises it, calm lowers it, within the limits", () => {
    const control = new JitterControl();
    assert.equal(control.filled(0.079), false);
    assert.equal(control.filled(0.081), true);
    control.ranDry();
    assert.equal(control.phase, "filling");
    assert.ok(Math.abs(control.target - 0.12) < 1e-9);
    for (let round = 0; round < 50; round++) {
        control.filled(1);
        control.ranDry();
    }
    assert.equal(control.target, usualLimits.most);
    control.filled(1);
    for (let second = 0; second < 3000; second++) control.played(control.target, 1);
    assert.ok(Math.abs(control.target - usualLimits.least) < 1e-9);
    assert.equal(control.underruns, 51);
});

test("control: a deep dip during calm keeps the target", () => {
    const control = new JitterControl();
    control.filled(0.1);
    const before = control.target;
    for (let second = 0; second < 100; second++) control.played(second % 5 === 0 ? 0.01 : 0.1, 1);
    assert.equal(control.target, before);
});

test("control: it follows a clock that is off by 300 ppm and stays within its bend", () => {
    for (const ppm of [-300, -50, 0, 50, 300]) {
        const control = new JitterControl();
        let fill = 0.08;
        control.filled(fill);
        for (let step = 0; step < 600 * 100; step++) {
            fill += 0.01 * (ppm * 1e-6 - control.bend);
            assert.equal(control.played(fill, 0.01), 0);
            assert.ok(Math.abs(control.bend) <= usualLimits.bend);
            assert.ok(fill > 0.04 && fill < 0.12, `${ppm} ppm: ${fill}`);
        }
        assert.ok(Math.abs(control.bend * 1e6 - ppm) < 5, `${ppm} ppm was taken for ${control.bend * 1e6}`);
        assert.ok(Math.abs(fill - control.target) < 0.005);
    }
});

test("control: a lasting surplus is skipped, a burst is not, a flood at once", () => {
    const control = new JitterControl();
    const skipped = (fill: number, seconds: number) => {
        let sum = 0;
        for (let at = 0; at < seconds; at += 0.01) sum += control.played(fill, 0.01);
        return sum;
    };
    control.filled(0.08);
    for (let round = 0; round < 20; round++) {
        assert.equal(skipped(0.4, 0.3), 0);
        assert.equal(skipped(0.1, 0.05), 0);
    }
    assert.equal(control.skips, 0);
    assert.ok(Math.abs(skipped(0.3, 1.2) - 0.22 * control.skips) < 0.03);
    assert.ok(control.skips >= 1);
    assert.ok(Math.abs(control.played(1, 0.01) - (1 - control.target)) < 1e-9);
});

test("a steady stream is played as it is, without underruns", () => {
    const tone = new Tone(48000, 2, 512);
    const player = new StreamPlayer(48000);
    const sound: number[] = [];
    for (let block = 0; block < 4000; block++) {
        if (block % 4 === 0) player.push(tone.next());
        pull(player, sound);
    }
    const figures = player.figures();
    assert.deepEqual([figures.underruns, figures.lost, figures.skips, figures.state], [0, 0, 0, "playing"]);
    assert.ok(Math.abs(figures.peakDb + 6.02) < 0.05);
    assert.ok(Math.abs(figures.rmsDb + 9.03) < 0.4);
    assert.ok(figures.bufferMs > 40 && figures.bufferMs < 120);
    assert.ok(largestStep(sound) <= steepest(100, 0.5, 48000));
});

test("loss is counted and bridged without a click", () => {
    const tone = new Tone(48000, 1, 480);
    const player = new StreamPlayer(48000);
    const sound: number[] = [];
    for (let packet = 0; packet < 400; packet++) {
        const made = tone.next();
        if (packet % 40 < 38) player.push(made);
        for (let part = 0; part < 4; part++) pull(player, sound, 120);
    }
    assert.equal(player.figures().lost, 18);
    assert.ok(largestStep(sound) <= steepest(100, 0.5, 48000));
});

test("after a long stall the sound comes back near the present, not seconds late", () => {
    const tone = new Tone(48000, 2, 480);
    const player = new StreamPlayer(48000);
    const sound: number[] = [];
    for (let packet = 0; packet < 100; packet++) {
        player.push(tone.next());
        for (let part = 0; part < 4; part++) pull(player, sound, 120);
    }
    for (let part = 0; part < 400; part++) pull(player, sound, 120);
    assert.equal(player.figures().state, "filling");
    for (let packet = 0; packet < 100; packet++) player.push(tone.next());
    for (let packet = 0; packet < 100; packet++) {
        player.push(tone.next());
        for (let part = 0; part < 4; part++) pull(player, sound, 120);
    }
    const figures = player.figures();
    assert.equal(figures.underruns, 1);
    assert.ok(figures.bufferMs < figures.targetMs + 160, `${figures.bufferMs} ms`);
    assert.ok(largestStep(sound) <= steepest(100, 0.5, 48000));
});

test("another rate and other channels are taken up; stopping fades and ends", () => {
    const player = new StreamPlayer(48000);
    const sound: number[] = [];
    let number = 0;
    for (const [rate, channels, count] of [[48000, 2, 480], [96000, 8, 960], [44100, 1, 441], [44100, 3, 441]]) {
        const tone = new Tone(rate, channels, count);
        tone.frame = number;
        for (let packet = 0; packet < 100; packet++) {
            player.push(tone.next());
            for (let part = 0; part < 4; part++) pull(player, sound, 120);
        }
        number = tone.frame;
        const figures = player.figures();
        assert.deepEqual([figures.rate, figures.channels, figures.state], [rate, channels, "playing"]);
        assert.equal(figures.lost, 0);
    }
    player.choose({ kind: "pair", left: 0, right: 1 });
    player.stop();
    for (let part = 0; part < 10; part++) pull(player, sound, 120);
    assert.ok(player.stopped);
    assert.equal(sound[sound.length - 1], 0);
    assert.ok(largestStep(sound) <= steepest(100, 0.5, 44100));
});

test("property: whatever way packets come, are lost or change, there is no click, no rubbish and no runaway", () => {
    for (let seed = 1; seed <= 60; seed++) {
        const random = randomOf(seed * 7919);
        const outputRate = random() < 0.5 ? 48000 : 44100;
        const player = new StreamPlayer(outputRate);
        const count = [64, 128, 480, 1024][Math.floor(random() * 4)];
        let tone = new Tone(48000, 2, count);
        const sound: number[] = [];
        const late: AudioPacket[] = [];
        const drift = 1 + (random() - 0.5) * 6e-4;
        const bursts = random() * 0.06;
        let channels = 1;
        let owed = 0;
        let stall = 0;
        for (let block = 0; block < 1500; block++) {
            owed += (128 / outputRate) * tone.rate * drift;
            while (owed >= count) {
                owed -= count;
                const packet = tone.next();
                if (random() > 0.01) late.push(packet);
            }
            if (random() < 0.003) stall = Math.floor(random() * 200);
            if (stall > 0) stall -= 1;
            else if (random() > bursts * 10) while (late.length > 0) player.push(late.shift() as AudioPacket);
            if (random() < 0.001) {
                const frame = tone.frame;
                channels = (channels + 1 + Math.floor(random() * 4)) % 6;
                tone = new Tone(random() < 0.5 ? 48000 : 44100, channels + 1, count);
                tone.frame = frame;
            }
            if (random() < 0.002) player.choose({ kind: "pair", left: Math.floor(random() * 6), right: 0 });
            if (random() < 0.001) player.restart();
            pull(player, sound);
            const { bufferMs, targetMs, speedPpm } = player.figures();
            assert.ok(bufferMs <= 2800 && targetMs >= 60 && targetMs <= 500 && Math.abs(speedPpm) <= 2000.001);
        }
        player.stop();
        for (let block = 0; block < 20; block++) pull(player, sound);
        assert.ok(sound.every((value) => Number.isFinite(value) && Math.abs(value) <= 0.55), `seed ${seed}`);
        const step = largestStep(sound);
        assert.ok(step <= steepest(100, 0.5, 44100), `seed ${seed}: step ${step} > ${steepest(100, 0.5, 44100)}`);
        assert.equal(sound[sound.length - 1], 0);
    }
});
