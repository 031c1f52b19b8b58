import { useState } from "react";
import { Toggle } from "../../controls/Toggle";
import { MeterSource, matching } from "../sources";
import { spectrum, useSpectrum, wireName, wiresOf } from "./state";

/** A searchable list of all modules; each of their sides can be switched on. */
export function WireList({ sources }: { sources: MeterSource[] }): JSX.Element {
    const [search, setSearch] = useState("");
    const [channel, setChannel] = useState<number | undefined>(undefined);
    const names = useSpectrum((settings) => settings.wires).map(wireName);
    const found = matching(sources, search);
    const most = Math.max(1, ...sources.map((source) => Math.max(source.inputs, source.outputs)));
    return (
        <>
            <input
                type="search" value={search} placeholder="Search modules" aria-label="Search modules"
                onChange={(event) => setSearch(event.target.value)}
            />
            <label className="field">
                Channel
                <select
                    aria-label="Channel" value={channel ?? "all"}
                    onChange={({ target }) => setChannel(target.value === "all" ? undefined : Number(target.value))}
                >
                    <option value="all">all (mean power)</option>
                    {Array.from({ length: most }, (_, index) => <option key={index} value={index}>{index + 1}</option>)}
                </select>
            </label>
            <div className="source-list" role="group" aria-label="Wires">
                {found.map((source) => (
                    <div key={source.id} className="wire-row">
                        <span className="name">{source.label}</span>
                        {wiresOf(source).map(({ port, point, channels }) => {
                            const wire = channel === undefined ? point : { ...point, channel };
                            const place = channel === undefined ? "" : `, channel ${channel + 1}`;
                            return (
                                <Toggle
                                    key={port} pressed={names.includes(wireName(wire))}
                                    disabled={(channel ?? 0) >= channels} label={`${source.label} ${port}${place}`}
                                    onChange={(pressed) => spectrum.set(wire, pressed)}
                                >
                                    {port === "input" ? "In" : "Out"}
                                </Toggle>
                            );
                        })}
                    </div>
                ))}
                {found.length === 0 && <p>Nothing here is called that.</p>}
            </div>
        </>
    );
}
