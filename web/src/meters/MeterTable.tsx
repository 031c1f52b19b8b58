import { useEffect, useState } from "react";
import { Button } from "../controls/Button";
import { decibelText } from "./decibels";
import { MeterSource } from "./sources";
import { bank } from "./state";

/** Time between two read-outs, milliseconds: slow enough to be read out. */
const readMs = 500;

/** All levels as numbers in a table, for reading and for screen readers. */
export function MeterTable({ sources }: { sources: MeterSource[] }): JSX.Element {
    const [, setTurn] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => setTurn((turn) => turn + 1), readMs);
        return () => clearInterval(timer);
    }, []);
    const rows = sources.flatMap((source) => (
        bank.channels(source.id).map((meter, channel) => ({ source, meter, channel }))
    ));
    return (
        <div className="scroll" tabIndex={0} role="region" aria-label="Levels as a table">
            <table className="plain meter-table">
                <caption className="hidden-text">
                    Levels at the outputs, dBFS; a full-scale sine has −3.01 dBFS RMS
                </caption>
                <thead>
                    <tr>
                        <th scope="col">Where</th>
                        <th scope="col">Channel</th>
                        <th scope="col" className="numbers">Peak (dBFS)</th>
                        <th scope="col" className="numbers">RMS (dBFS)</th>
                        <th scope="col" className="numbers">Held (dBFS)</th>
                        <th scope="col" className="numbers">Highest (dBFS)</th>
                        <th scope="col">Clip</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map(({ source, meter, channel }) => (
                        <tr key={`${source.id} ${channel}`} data-source={source.id} data-channel={channel}>
                            <th scope="row">{source.label}</th>
                            <td>{channel + 1}</td>
                            <td className="numbers">{decibelText(meter.peakDb)}</td>
                            <td className="numbers">{decibelText(meter.rmsDb)}</td>
                            <td className="numbers">{decibelText(meter.holdDb)}</td>
                            <td className="numbers">{decibelText(meter.maxDb)}</td>
                            <td>
                                {meter.clipped
                                    ? (
                                        <Button
                                            kind="danger" onClick={() => bank.clear(source.id, channel)}
                                            aria-label={`Clipped: clear ${source.label}, channel ${channel + 1}`}
                                        >
                                            Clear
                                        </Button>
                                    )
                                    : "no"}
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {rows.length === 0 && <p className="empty">No levels yet.</p>}
        </div>
    );
}
