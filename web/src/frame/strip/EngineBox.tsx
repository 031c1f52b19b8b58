// Engine: running or not, load, latency, clipped samples.
import { useEffect, useState } from "react";
import { Icon } from "../../controls/Icon";
import { node, useNode } from "../../node/store";

export function EngineBox(): JSX.Element {
    const engine = useNode((state) => state.engine);
    const load = useNode((state) => Math.round(state.metrics?.cpuLoad ?? state.engine?.cpuLoad ?? 0));
    const isOpen = useNode((state) => state.connection === "open");
    const [isBusy, setBusy] = useState(false);
    const isRunning = isOpen && (engine?.isRunning ?? false);
    const turn = async (): Promise<void> => {
        setBusy(true);
        await node.ask({ type: isRunning ? "sim_stop" : "sim_start" });
        setBusy(false);
    };
    const state = engine === null || !isOpen ? "Unknown" : isRunning ? "Running" : engine.failure !== undefined ? "Failed" : "Stopped";
    return (
        <div className="strip-box" role="group" aria-label="Engine">
            <div className="engine-row">
                <span className={`engine-state ${state.toLowerCase()}`} title={engine?.failure ?? engine?.deviceName}>
                    <i className="dot" aria-hidden="true" />
                    {state}
                </span>
                <button
                    type="button"
                    className="icon-button boxed"
                    aria-label={isRunning ? "Stop the engine" : "Start the engine"}
                    title={isRunning ? "Stop the engine" : "Start the engine"}
                    disabled={isBusy || engine === null}
                    onClick={() => void turn()}
                >
                    <Icon name={isRunning ? "stop" : "play"} size={14} />
                </button>
            </div>
            {state === "Failed" && <p className="engine-failure" role="alert">{engine?.failure}</p>}
            <div className="load" title="Part of the time that one frame has, used by the engine">
                <span className="strip-label">Load</span>
                <meter
                    className="hidden-text" min={0} max={100} value={Math.min(100, load)} aria-label="Engine load in percent"
                />
                <span className="load-bar" aria-hidden="true">
                    <i
                        className={load > 85 ? "high" : load > 65 ? "mid" : ""}
                        style={{ width: `${Math.min(100, isRunning ? load : 0)}%` }}
                    />
                </span>
                <b>{isRunning ? load : "–"}{isRunning ? " %" : ""}</b>
            </div>
            <Figures />
        </div>
    );
}

function Figures(): JSX.Element {
    const figures = useNode((state) => {
        const samples = (state.engine?.latencySamples ?? 0) + (state.engine?.deviceLatencySamples ?? 0);
        const rate = state.engine?.sampleRate || state.link?.global.sampleRate || 0;
        return {
            samples, rate, isKnown: state.engine !== null,
            chain: state.engine?.latencySamples ?? 0, device: state.engine?.deviceLatencySamples ?? 0,
        };
    });
    const ms = figures.rate > 0 ? (figures.samples / figures.rate) * 1000 : 0;
    const parts = `Chain ${figures.chain} samples, device ${figures.device} samples`;
    return (
        <dl className="figures">
            <div title={parts}>
                <dt>Latency</dt>
                <dd>
                    {figures.isKnown ? `${ms.toFixed(ms < 10 ? 2 : 1)} ms` : "–"}
                    <small>{figures.isKnown ? `${figures.samples} smp` : ""}</small>
                </dd>
            </div>
            <div>
                <dt>Rate</dt>
                <dd>{figures.rate > 0 ? `${figures.rate / 1000} kHz` : "–"}</dd>
            </div>
            <ClipCounter />
        </dl>
    );
}

/** Samples that were clipped since the page last looked; the light stays on until a click. */
function ClipCounter(): JSX.Element {
    const clipped = useNode((state) => state.engine?.clippedSamples ?? 0);
    const dropped = useNode((state) => state.engine?.droppedFrames ?? 0);
    const [base, setBase] = useState<{ clipped: number } | null>(null);
    const isKnown = useNode((state) => state.engine !== null);
    useEffect(() => {
        // A node that was started again counts from 0.
        if (isKnown && (base === null || clipped < base.clipped)) setBase({ clipped: base === null ? clipped : 0 });
    }, [isKnown, base, clipped]);
    const count = base === null ? 0 : Math.max(0, clipped - base.clipped);
    const text = count > 99_999 ? ">99 999" : String(count);
    return (
        <div>
            <dt>Clips</dt>
            <dd>
                <button
                    type="button"
                    className={count > 0 ? "clips lit" : "clips"}
                    aria-label={`${count} samples clipped; set back to 0`}
                    title={`Clipped samples since the count was set back: click sets it to 0. Dropped frames: ${dropped}`}
                    onClick={() => setBase({ clipped })}
                >
                    <i className="light" aria-hidden="true" />
                    {text}
                </button>
            </dd>
        </div>
    );
}
