import { readStored, writeStored } from "../../frame/storage";
import { socketURL } from "../../node/access";
import { Observable } from "../../node/select";
import type { ChannelChoice } from "./channels";
import type { ListenFigures } from "./player";
import { Receiving } from "./receiving";
import { Sound, SoundWay, makeSound } from "./sound";

/** What the page shows of listening. */
export interface ListenState {
    status: "off" | "starting" | "on" | "stopping";
    /** Of the connection that brings the sound. */
    link: "none" | "connecting" | "open" | "lost";
    /** Whether the browser holds back the sound until something is pressed. */
    isHeldBack: boolean;
    way: SoundWay | null;
    /** From the page's buffer to the ear, as the browser tells; milliseconds. */
    outputMs: number;
    figures: ListenFigures | null;
    /** Why it could not begin. */
    fault: string | null;
    /** −60…0 dB */
    volumeDb: number;
    isMuted: boolean;
    choice: ChannelChoice;
}

/** The lowest volume of the page; it is silence. dB. */
export const quietestDb = -60;

const key = "soundpost.listen";
const retries = [250, 500, 1000, 2000, 3000];
/** Glide of volume and mute, seconds. */
const glide = 0.012;

interface Running { context: AudioContext; sound: Sound; gain: GainNode; receiving: Receiving }

/** Plays the node's output in this browser. There is one for the page; it goes on when its pane is hidden. */
export class Listener {
    readonly state = new Observable<ListenState>({
        status: "off", link: "none", isHeldBack: false, way: null, outputMs: 0, figures: null, fault: null,
        ...Listener.remembered(),
    });
    private running: Running | null = null;
    private retry: ReturnType<typeof setTimeout> | undefined;
    private attempts = 0;

    private static remembered(): Pick<ListenState, "volumeDb" | "isMuted" | "choice"> {
        const stored = (readStored(key) ?? {}) as { volumeDb?: unknown; choice?: Partial<Record<string, unknown>> };
        const { volumeDb, choice } = stored;
        const isLevel = typeof volumeDb === "number" && volumeDb >= quietestDb && volumeDb <= 0;
        const isPair = choice?.kind === "pair" && Number.isInteger(choice.left) && Number.isInteger(choice.right);
        return {
            volumeDb: isLevel ? volumeDb : -6,
            isMuted: false,
            choice: isPair
                ? { kind: "pair", left: Number(choice?.left), right: Number(choice?.right) }
                : { kind: "downmix" },
        };
    }

    private remember(): void {
        const { volumeDb, choice } = this.state.get();
        writeStored(key, { volumeDb, choice });
    }

    /** Begins. To be called from a press of the user: browsers allow sound only then. `rate` is the node's, Hz. */
    async start(rate: number): Promise<void> {
        const { status } = this.state.get();
        if (status === "on") {
            await this.running?.context.resume();
            return;
        }
        if (status !== "off") return;
        this.state.update({ status: "starting", fault: null, figures: null, link: "connecting" });
        const context = Listener.context(rate);
        try {
            await this.build(context);
        } catch (error) {
            void context.close();
            const why = error instanceof Error ? error.message : String(error);
            this.state.update({ status: "off", link: "none", fault: `The browser cannot play: ${why}` });
        }
    }

    /** A context at the node's rate where the browser can, so that the sound is converted once at most. */
    private static context(rate: number): AudioContext {
        const options: AudioContextOptions = { latencyHint: "interactive" };
        try {
            return new AudioContext(rate >= 8000 && rate <= 192_000 ? { ...options, sampleRate: rate } : options);
        } catch {
            return new AudioContext(options);
        }
    }

    private async build(context: AudioContext): Promise<void> {
        // The promise waits for a press where the browser wants one; the sound is made meanwhile.
        void context.resume();
        const sound = await makeSound(context, {
            figures: (figures) => this.report(figures),
            stopped: () => this.end(),
        });
        const gain = context.createGain();
        gain.gain.value = this.gain();
        sound.output.connect(gain).connect(context.destination);
        sound.choose(this.state.get().choice);
        const receiving = new Receiving((isOpen) => this.heard(isOpen), () => {
            const channel = new MessageChannel();
            sound.listen(channel.port2);
            return channel.port1;
        });
        context.onstatechange = () => this.state.update({ isHeldBack: context.state !== "running" });
        this.running = { context, sound, gain, receiving };
        this.attempts = 0;
        this.state.update({ status: "on", way: sound.way, isHeldBack: context.state !== "running" });
        receiving.open(socketURL("/ws/audio"));
    }

    private heard(isOpen: boolean): void {
        clearTimeout(this.retry);
        if (isOpen) {
            this.attempts = 0;
            this.state.update({ link: "open" });
            return;
        }
        this.state.update({ link: "lost" });
        const wait = retries[Math.min(this.attempts, retries.length - 1)];
        this.attempts += 1;
        this.retry = setTimeout(() => this.running?.receiving.open(socketURL("/ws/audio")), wait);
    }

    private report(figures: ListenFigures): void {
        const context = this.running?.context;
        const outputMs = context ? 1000 * ((context.baseLatency || 0) + (context.outputLatency || 0)) : 0;
        this.state.update({ figures, outputMs });
    }

    /** Fades out and ends. */
    stop(): void {
        if (!this.running || this.state.get().status !== "on") return;
        clearTimeout(this.retry);
        this.running.receiving.close();
        this.state.update({ status: "stopping" });
        // A context that does not run fades nothing.
        if (this.running.context.state !== "running") {
            this.end();
            return;
        }
        const stopped = this.running;
        stopped.sound.stop();
        // The browser may halt the context before the fade is over.
        setTimeout(() => {
            if (this.running === stopped) this.end();
        }, 500);
    }

    private end(): void {
        const running = this.running;
        this.running = null;
        clearTimeout(this.retry);
        if (!running) return;
        running.receiving.end();
        running.sound.output.disconnect();
        running.context.onstatechange = null;
        void running.context.close();
        this.state.update({ status: "off", link: "none", figures: null, isHeldBack: false, way: null });
    }

    /** Begins or ends. */
    toggle(rate: number): void {
        const { status, isHeldBack } = this.state.get();
        if (status === "on" && !isHeldBack) this.stop();
        else void this.start(rate);
    }

    private gain(): number {
        const { volumeDb, isMuted } = this.state.get();
        return isMuted || volumeDb <= quietestDb ? 0 : 10 ** (volumeDb / 20);
    }

    private applyGain(): void {
        const running = this.running;
        running?.gain.gain.setTargetAtTime(this.gain(), running.context.currentTime, glide);
    }

    setVolume(volumeDb: number): void {
        this.state.update({ volumeDb: Math.min(0, Math.max(quietestDb, volumeDb)) });
        this.applyGain();
        this.remember();
    }

    setMuted(isMuted: boolean): void {
        this.state.update({ isMuted });
        this.applyGain();
    }

    choose(choice: ChannelChoice): void {
        this.state.update({ choice });
        this.running?.sound.choose(choice);
        this.remember();
    }
}

/** The page's one listener. */
export const listener = new Listener();
