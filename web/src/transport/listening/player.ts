import { ChannelChoice, Mix, isSameMix, mixOf } from "./channels";
import { ControlLimits, JitterControl, usualLimits } from "./control";
import { AudioPacket } from "./packet";
import { Resampler } from "./resampler";
import { StereoRing } from "./ring";

/** What the listener is told of the stream. Times in milliseconds. */
export interface ListenFigures {
    state: "waiting" | "filling" | "playing" | "stopped";
    /** Of the stream; 0 before its first message. */
    rate: number;
    channels: number;
    bufferMs: number;
    targetMs: number;
    /** How much faster than its own clock the stream is played, millionths. */
    speedPpm: number;
    underruns: number;
    /** Messages that the node could not send in time. */
    lost: number;
    /** Times that surplus was skipped. */
    skips: number;
    received: number;
    /** Levels heard, before the page's own volume, since the figures before; dBFS, full-scale sine RMS −3.01. */
    peakDb: number;
    rmsDb: number;
}

const fadeSeconds = 0.006;
/** Longest loss that is filled up with silence. */
const longestGap = 0.1;
/** After such a pause the stream is taken up with a fade. */
const pauseSeconds = 0.5;
const ringSeconds = 2;

/**
 * Turns packets as they come into sound without clicks: buffer, clock following, mix to two ears, and short fades
 * wherever the sound begins, ends or has a hole. Knows neither sockets nor the browser's audio.
 */
export class StreamPlayer {
    readonly control: JitterControl;
    private ring = new StereoRing(2);
    private resampler = new Resampler(1);
    private rate = 0;
    private channels = 0;
    private expected = -1;
    private mix: Mix = { left: new Float32Array(0), right: new Float32Array(0) };
    private choice: ChannelChoice = { kind: "downmix" };
    private made?: { choice: ChannelChoice; mix: Mix };
    /** Of another format, to be played when what is there has faded. */
    private waiting: { packet: AudioPacket; isAfterGap: boolean }[] = [];
    /** Frames at the start of the stream that still fade in. */
    private fadeIn = 0;
    /** Position of the fade of all that is heard, 0…1. */
    private opening = 0;
    private skip = 0;
    /** Whether a packet was left out before the next one. */
    private isCut = false;
    private isStopping = false;
    private isStopped = false;
    private sincePacket = 0;
    private sinceRun = 0;
    private lost = 0;
    private received = 0;
    private peak = 0;
    private squares = 0;
    private measured = 0;

    /** @param outputRate Hz of what `pull` fills. */
    constructor(private readonly outputRate: number, limits: ControlLimits = usualLimits) {
        this.control = new JitterControl(limits);
    }

    /** Which channels are heard, from the next packet on, faded over. */
    choose(choice: ChannelChoice): void {
        this.choice = choice;
    }

    /** The next packet begins a connection: its number says nothing about those before. */
    restart(): void {
        this.expected = -1;
        this.ring.fadeTail(this.fadeFrames);
        this.fadeIn = this.fadeFrames;
    }

    /** Fades out; nothing is heard after that. */
    stop(): void {
        this.isStopping = true;
    }

    /** Whether `stop` has been carried out. */
    get stopped(): boolean {
        return this.isStopped;
    }

    private get fadeFrames(): number {
        return Math.max(8, Math.round(fadeSeconds * this.rate));
    }

    push(packet: AudioPacket): void {
        if (this.isStopping) return;
        this.received += 1;
        const missing = this.expected < 0 ? 0 : (packet.frame - this.expected) >>> 0;
        this.expected = (packet.frame + 1) >>> 0;
        const isGap = missing > 0 && missing < 0x8000_0000;
        if (isGap) this.lost += missing;
        if (this.rate === 0) this.become(packet);
        if (this.waiting.length > 0 || packet.rate !== this.rate) {
            this.holdBack(packet, isGap);
            return;
        }
        if (isGap) this.bridge(missing * packet.count);
        else if (this.sincePacket > pauseSeconds * this.outputRate) this.join();
        this.sincePacket = 0;
        this.append(packet);
    }

    private holdBack(packet: AudioPacket, isAfterGap: boolean): void {
        if (this.waiting.length === 0) this.ring.fadeTail(this.fadeFrames);
        // Of several formats in a row only the last will be heard.
        if (this.waiting.some((held) => held.packet.rate !== packet.rate)) this.waiting = [];
        this.waiting.push({ packet, isAfterGap });
        if (this.waiting.reduce((sum, held) => sum + held.packet.count, 0) > packet.rate) this.waiting.shift();
        if (this.control.phase === "filling") this.turnOver();
    }

    /** Takes up the format that was held back. */
    private turnOver(): void {
        const held = this.waiting;
        this.waiting = [];
        this.become(held[held.length - 1].packet);
        this.control.refill();
        for (const { packet, isAfterGap } of held) {
            if (isAfterGap) this.join();
            this.append(packet);
        }
    }

    private become(packet: AudioPacket): void {
        this.rate = packet.rate;
        this.ring = new StereoRing(ringSeconds * packet.rate);
        this.resampler = new Resampler(packet.rate / this.outputRate);
        this.mix = this.wantedMix(packet.channels);
        this.channels = packet.channels;
        this.fadeIn = this.fadeFrames;
        this.opening = 0;
        this.skip = 0;
    }

    private join(): void {
        this.ring.fadeTail(this.fadeFrames);
        this.fadeIn = this.fadeFrames;
    }

    private bridge(frames: number): void {
        this.join();
        this.ring.pushSilence(Math.min(frames, Math.round(longestGap * this.rate)));
    }

    private wantedMix(channels: number): Mix {
        if (this.made?.choice !== this.choice || this.made.mix.left.length !== channels) {
            this.made = { choice: this.choice, mix: mixOf(this.choice, channels) };
        }
        return this.made.mix;
    }

    private append(packet: AudioPacket): void {
        const wanted = this.wantedMix(packet.channels);
        if (packet.channels !== this.channels) {
            this.join();
            this.channels = packet.channels;
            this.mix = wanted;
        }
        if (this.ring.room < packet.count) {
            // Nobody has pulled for a long time; the surplus will be skipped, and this is part of it.
            this.isCut = true;
            return;
        }
        if (this.isCut) this.join();
        this.isCut = false;
        const before = this.mix;
        const isSame = before === wanted || isSameMix(before, wanted);
        const { samples, channels, count } = packet;
        for (let frame = 0; frame < count; frame++) {
            const over = isSame ? 1 : Math.min(1, (frame + 1) / count);
            let left = 0;
            let right = 0;
            for (let channel = 0; channel < channels; channel++) {
                const value = samples[frame * channels + channel];
                const sound = value - value === 0 ? value : 0;
                left += sound * (before.left[channel] + over * (wanted.left[channel] - before.left[channel]));
                right += sound * (before.right[channel] + over * (wanted.right[channel] - before.right[channel]));
            }
            const gain = this.fadeIn > 0 ? 1 - this.fadeIn / this.fadeFrames : 1;
            if (this.fadeIn > 0) this.fadeIn -= 1;
            this.ring.push(left * gain, right * gain);
        }
        this.mix = wanted;
    }

    /** Fills both ears. */
    pull(left: Float32Array, right: Float32Array): void {
        const count = left.length;
        this.sincePacket += count;
        if (this.rate === 0 || this.isStopped) {
            left.fill(0);
            right.fill(0);
            if (this.isStopping) this.isStopped = true;
            return;
        }
        for (let index = 0; index < count; index++) this.next(left, right, index);
        this.measure(left, right);
    }

    private next(left: Float32Array, right: Float32Array, index: number): void {
        left[index] = 0;
        right[index] = 0;
        if (this.control.phase === "filling") {
            if (this.isStopping) {
                this.isStopped = true;
                return;
            }
            if (!this.control.filled(this.ring.length / this.rate)) return;
            this.begin();
        }
        const step = (this.rate / this.outputRate) * (1 + this.control.bend);
        const ahead = this.ring.length - 2 * this.resampler.half - 1;
        const fade = this.fadeFrames / (this.rate / this.outputRate);
        const isOpen = !this.isStopping && this.skip === 0 && ahead > (fade + 2) * step;
        this.opening = Math.min(1, Math.max(0, this.opening + (isOpen ? 1 : -1) / fade));
        if (ahead < step || (this.opening === 0 && !isOpen)) {
            this.close();
            return;
        }
        this.resampler.read(this.ring, step);
        const gain = Math.sin((Math.PI / 2) * this.opening) ** 2;
        left[index] = this.resampler.left * gain;
        right[index] = this.resampler.right * gain;
        this.steer();
    }

    private begin(): void {
        // What came in a burst after a stall is late already.
        const surplus = this.ring.length / this.rate - this.control.target - this.control.limits.surplus;
        if (surplus > 0) this.ring.drop(Math.round((surplus + this.control.limits.surplus) * this.rate));
        this.resampler.reset();
        this.opening = 0;
        this.sinceRun = 0;
    }

    private steer(): void {
        this.sinceRun += 1;
        if (this.sinceRun < 128) return;
        const skip = this.control.played(this.ring.length / this.rate, this.sinceRun / this.outputRate);
        if (skip > 0 && this.skip === 0) this.skip = Math.round(skip * this.rate);
        this.sinceRun = 0;
    }

    /** The fade-out is over. */
    private close(): void {
        this.opening = 0;
        if (this.isStopping) {
            this.isStopped = true;
        } else if (this.skip > 0) {
            this.ring.drop(this.skip);
            this.skip = 0;
        } else if (this.waiting.length > 0) {
            this.turnOver();
        } else {
            this.control.ranDry();
        }
    }

    private measure(left: Float32Array, right: Float32Array): void {
        for (let index = 0; index < left.length; index++) {
            this.peak = Math.max(this.peak, Math.abs(left[index]), Math.abs(right[index]));
            this.squares += left[index] * left[index] + right[index] * right[index];
        }
        this.measured += 2 * left.length;
    }

    /** How things are; the levels begin again. */
    figures(): ListenFigures {
        const level = (amplitude: number) => (amplitude > 1e-6 ? 20 * Math.log10(amplitude) : -120);
        const figures: ListenFigures = {
            state: this.isStopped ? "stopped" : this.rate === 0 ? "waiting" : this.control.phase,
            rate: this.rate,
            channels: this.channels,
            bufferMs: this.rate > 0 ? (this.ring.length / this.rate) * 1000 : 0,
            targetMs: this.control.target * 1000,
            speedPpm: this.control.phase === "playing" ? this.control.bend * 1e6 : 0,
            underruns: this.control.underruns,
            lost: this.lost,
            skips: this.control.skips,
            received: this.received,
            peakDb: level(this.peak),
            rmsDb: level(Math.sqrt(this.squares / Math.max(1, this.measured))),
        };
        this.peak = 0;
        this.squares = 0;
        this.measured = 0;
        return figures;
    }
}
