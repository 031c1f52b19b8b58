import { Button } from "../controls/Button";
import { Toggle } from "../controls/Toggle";
import { decibelText } from "../meters/decibels";
import { useSelected } from "../node/select";
import { useNode } from "../node/store";
import { toggleListening } from "./actions";
import { ListenState, listener, quietestDb } from "./listening/listener";
import { rateText } from "./timeText";

/** Listening in this browser: its own volume, its channels, and how far behind it is. */
export function ListenCard(): JSX.Element {
    const state = useSelected(listener.state, (present) => present);
    const outputs = useNode((present) => present.engine?.outputChannels ?? 2);
    const isOn = state.status !== "off";
    const isWaiting = isOn && state.isHeldBack;
    const isHeard = isOn && !isWaiting;
    return (
        <section className="card listen-card" aria-labelledby="listen-title" data-listen={state.status}>
            <div className="row title">
                <h3 id="listen-title">Listen here</h3>
                <span className="listen-status" role="status">{statusText(state)}</span>
            </div>
            <div className="row controls">
                <Button
                    id="listen" kind={isHeard ? undefined : "primary"} icon={isHeard ? "stop" : "speaker"}
                    aria-pressed={isOn} onClick={toggleListening} title="Listen in this browser (Shift L)"
                >
                    {isWaiting ? "Press to hear" : isOn ? "Stop listening" : "Listen"}
                </Button>
                <Toggle
                    id="listen-mute" pressed={state.isMuted} icon={state.isMuted ? "muted" : "speaker"} tone="warn"
                    label="Mute this browser" onChange={(pressed) => listener.setMuted(pressed)}
                />
                <input
                    type="range" id="listen-volume" aria-label="Volume" min={quietestDb} max={0} step={1}
                    value={state.volumeDb} aria-valuetext={volumeText(state.volumeDb)}
                    title="This browser's own volume; double-click for −6 dB"
                    onChange={(event) => listener.setVolume(Number(event.target.value))}
                    onDoubleClick={() => listener.setVolume(-6)}
                />
                <output className="numbers" htmlFor="listen-volume">{volumeText(state.volumeDb)}</output>
            </div>
            <ChannelChoices state={state} channels={state.figures?.channels || outputs} />
            {state.fault !== null && <p className="fault" role="alert">{state.fault}</p>}
            {isOn
                ? <Figures state={state} />
                : (
                    <p className="dim">
                        Press Listen to hear on this device what the chain plays, with a volume of its own.
                        Browsers make no sound before you press.
                    </p>
                )}
        </section>
    );
}

function volumeText(db: number): string {
    return db <= quietestDb ? "off" : `${String(db).replace("-", "−")} dB`;
}

function statusText({ status, link, isHeldBack, figures }: ListenState): string {
    if (status === "off") return "";
    if (status === "starting") return "Starting…";
    if (status === "stopping") return "Fading out…";
    if (isHeldBack) return "The browser holds the sound back.";
    if (link === "lost") return "Connection lost: trying again…";
    if (link !== "open" || !figures || figures.state === "waiting") return "Waiting for the node's sound…";
    return figures.state === "filling" ? "Filling the buffer…" : "Playing";
}

function ChannelChoices({ state, channels }: { state: ListenState; channels: number }): JSX.Element | null {
    if (channels < 2) return null;
    const { choice } = state;
    const numbers = Array.from({ length: channels }, (_, index) => index);
    const pair = choice.kind === "pair" ? choice : { left: 0, right: 1 };
    const ear = (label: string, present: number, change: (channel: number) => void) => (
        <label className="field">
            {label}
            <select value={Math.min(present, channels - 1)} onChange={(event) => change(Number(event.target.value))}>
                {numbers.map((channel) => <option key={channel} value={channel}>{channel + 1}</option>)}
            </select>
        </label>
    );
    return (
        <div className="row">
            <label className="field">
                Channels
                <select
                    id="listen-channels" value={choice.kind}
                    onChange={({ target }) => {
                        listener.choose(target.value === "pair" ? { ...pair, kind: "pair" } : { kind: "downmix" });
                    }}
                >
                    <option value="downmix">{channels === 2 ? "both" : `all ${channels}, mixed down`}</option>
                    <option value="pair">choose two</option>
                </select>
            </label>
            {choice.kind === "pair" && ear("Left", choice.left, (left) => listener.choose({ ...choice, left }))}
            {choice.kind === "pair" && ear("Right", choice.right, (right) => listener.choose({ ...choice, right }))}
        </div>
    );
}

interface Line {
    name: string;
    label: string;
    value: number;
    /** With its unit; without it a count. */
    text?: string;
    title?: string;
}

/** Delay, losses and level in numbers; each is marked with its name for programs. */
function Figures({ state }: { state: ListenState }): JSX.Element {
    const latency = useNode((present) => present.engine?.latencySamples ?? 0);
    const rate = useNode((present) => present.engine?.sampleRate ?? 0);
    const { figures, outputMs } = state;
    const chainMs = rate > 0 ? (latency / rate) * 1000 : 0;
    const bufferMs = figures?.bufferMs ?? 0;
    const total = chainMs + bufferMs + outputMs;
    const ppm = figures?.speedPpm ?? 0;
    const peak = figures?.peakDb ?? -120;
    const rms = figures?.rmsDb ?? -120;
    const lines: Line[] = [
        {
            name: "total", label: "Latency", value: total, text: `${total.toFixed(0)} ms`,
            title: "Chain, buffer and output together; the network's own delay cannot be known",
        },
        { name: "chain", label: "Chain", value: chainMs, text: `${chainMs.toFixed(1)} ms` },
        {
            name: "buffer", label: "Buffer", value: bufferMs,
            text: `${bufferMs.toFixed(0)}/${(figures?.targetMs ?? 0).toFixed(0)} ms`,
            title: "What is kept against unsteady arrival, and what is aimed at: more after an underrun, less when calm",
        },
        {
            name: "output", label: "Output", value: outputMs, text: `${outputMs.toFixed(0)} ms`,
            title: "As the browser tells",
        },
        {
            name: "underruns", label: "Underruns", value: figures?.underruns ?? 0,
            title: "Times that the buffer ran dry",
        },
        {
            name: "lost", label: "Lost", value: figures?.lost ?? 0,
            title: "Messages that the node could not send in time",
        },
        {
            name: "skips", label: "Skips", value: figures?.skips ?? 0,
            title: "Times that too much had gathered and was left out",
        },
        {
            name: "clock", label: "Speed", value: ppm, text: `${ppm < 0 ? "−" : "+"}${Math.abs(ppm).toFixed(0)} ppm`,
            title: "How much faster than its own clock the sound is played, to stay in step",
        },
        {
            name: "peak", label: "Peak", value: peak, text: `${decibelText(peak)} dBFS`,
            title: "Before this browser's volume",
        },
        {
            name: "rms", label: "RMS", value: rms, text: `${decibelText(rms)} dBFS`,
            title: "Before this browser's volume; a full-scale sine reads −3.01",
        },
        {
            name: "format", label: "Format", value: figures?.rate ?? 0,
            text: figures && figures.rate > 0 ? `${figures.channels} ch, ${rateText(figures.rate)}` : "—",
        },
    ];
    return (
        <>
            <dl className="listen-figures">
                {lines.map(({ name, label, value, text, title }) => (
                    <div key={name} title={title}>
                        <dt>{label}</dt>
                        <dd data-figure={name} data-value={value}>{text ?? String(value)}</dd>
                    </div>
                ))}
            </dl>
            {state.way === "page" && (
                <p className="dim">
                    Browsers play most steadily for pages from this machine or over https; here the page makes the sound
                    by itself.
                </p>
            )}
        </>
    );
}
