import { useState } from "react";
import { Button } from "../controls/Button";
import { useNode } from "../node/store";
import { startWith } from "./actions";
import { nameFault } from "./audioName";
import { DeviceChoice } from "./DeviceChoice";
import { useDevices } from "./devices";
import { SinkChoice, outputOf, sinkOf } from "./ends";
import { shortName, useFiles } from "./files";

const hints: Record<SinkChoice["kind"], string> = {
    none: "The chain runs in real time and is metered; browsers that listen hear it.",
    browser: "The chain runs for browsers that listen; press Listen beside.",
    card: "Plays on a sound card of the node's machine.",
    file: "Writes what the chain plays into a file at the node, until something else is chosen.",
};

/** Chooses where the sound goes. */
export function SinkCard(): JSX.Element {
    const output = useNode((state) => state.transport?.output ?? null);
    const isRunning = useNode((state) => state.transport?.running ?? false);
    const { devices } = useDevices();
    const [wanted, setWanted] = useState<SinkChoice["kind"] | null>(null);
    const present: SinkChoice = output ? sinkOf(output) : { kind: "none" };
    const card = present.kind === "card" ? present : null;
    const kind = wanted ?? present.kind;
    const hasCard = devices.some((device) => device.direction === "output");
    const start = (choice: SinkChoice) => {
        setWanted(null);
        void startWith(undefined, outputOf(choice));
    };
    const choose = (text: string) => {
        if (text === "none" || text === "browser") start({ kind: text });
        else if (text === "card" && hasCard) start({ kind: "card", device: "" });
        else setWanted(text as SinkChoice["kind"]);
    };
    return (
        <section className="card sink-card" aria-labelledby="sink-title">
            <h3 id="sink-title">Output</h3>
            <div className="row">
                <select
                    id="transport-sink" aria-label="Output" value={kind} disabled={!output}
                    onChange={(event) => choose(event.target.value)}
                >
                    <option value="none">None (run silently)</option>
                    <option value="browser">Browser</option>
                    <option value="card">Sound card</option>
                    <option value="file">File</option>
                </select>
            </div>
            {kind === "card" && (
                <DeviceChoice
                    direction="output" device={card?.device ?? ""} channels={card?.channels}
                    onChange={(device, channels) => start({ kind: "card", device, channels })}
                />
            )}
            {kind === "file" && (
                <FileSink
                    present={present.kind === "file" && isRunning ? present.name : null}
                    onStart={(name) => start({ kind: "file", name })}
                    onStop={() => start({ kind: "none" })}
                />
            )}
            <p className="dim">{hints[kind]}</p>
        </section>
    );
}

function FileSink({ present, onStart, onStop }: {
    present: string | null;
    onStart: (name: string) => void;
    onStop: () => void;
}): JSX.Element {
    const taken = useFiles((state) => state.files).map((file) => file.name);
    const [name, setName] = useState("recording.wav");
    if (present !== null) {
        return (
            <div className="row">
                <span>Writing {shortName(present)}</span>
                <Button icon="stop" onClick={onStop}>Finish</Button>
            </div>
        );
    }
    const fault = nameFault(name);
    return (
        <form
            onSubmit={(event) => {
                event.preventDefault();
                if (fault === undefined) onStart(name);
            }}
        >
            <div className="row">
                <input
                    type="text" aria-label="Name of the file to write" value={name} spellCheck={false}
                    aria-invalid={fault !== undefined}
                    onChange={(event) => setName(event.target.value)}
                />
                <Button type="submit" kind="primary" disabled={fault !== undefined}>
                    {taken.includes(name) ? "Write over" : "Write"}
                </Button>
            </div>
            {fault !== undefined && <p className="fault" role="alert">{fault}</p>}
        </form>
    );
}
