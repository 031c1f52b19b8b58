// What a module puts out just now: levels, latency and load, as numbers.

import { useEffect } from "react";

import { node, useNode } from "../node/store";
import { minus } from "./format";
import type { ModuleMetrics } from "../node/types";

/** Milliseconds between two readings. */
const interval = 250;

/** Peak and RMS levels of each output channel, latency and time of one module. */
export function ModuleReadout({ instance, rate }: { instance: string; rate: number }): JSX.Element | null {
    useEffect(() => node.subscribeMetrics([instance], interval), [instance]);
    const metrics = useNode((state) => state.metrics?.modules[instance]);
    if (!metrics) return <p className="module-readout dim">Levels appear while the engine runs.</p>;
    // A module that has just come has not been measured in every respect.
    const { latencySamples: latency = 0, processTimeUs: time, outputPeakDb: peaks = [], outputRmsDb: levels = [] } =
        metrics as Partial<ModuleMetrics>;
    return (
        <div className="module-readout">
            <table aria-label={`Levels at the output of ${instance}`}>
                <thead>
                    <tr><th scope="col">Output</th><th scope="col">Peak dBFS</th><th scope="col">RMS dBFS</th></tr>
                </thead>
                <tbody>
                    {peaks.map((peak, channel) => (
                        <tr key={channel}>
                            <th scope="row">{channel + 1}</th>
                            <td>{shown(peak)}</td>
                            <td>{shown(levels[channel] ?? peak)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            <p className="dim">
                {`Latency ${latency} samples (${((latency / rate) * 1000).toFixed(2)} ms)`}
                {time !== undefined && ` · ${time.toFixed(1)} µs a frame`}
            </p>
        </div>
    );
}

function shown(level: number): string {
    return level <= -120 ? "−∞" : minus(level.toFixed(1));
}
