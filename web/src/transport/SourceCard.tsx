import { useState } from "react";
import { useNode } from "../node/store";
import { startWith } from "./actions";
import { DeviceChoice } from "./DeviceChoice";
import { useDevices } from "./devices";
import { SourceChoice, inputOf, sourceOf } from "./ends";
import { FileList } from "./FileList";
import { shortName, useFiles } from "./files";
import { UploadButton } from "./UploadButton";

/** Chooses where the sound comes from, and keeps the files. */
export function SourceCard(): JSX.Element {
    const input = useNode((state) => state.transport?.input ?? null);
    const loop = useNode((state) => state.transport?.loop ?? true);
    const files = useFiles((state) => state.files);
    const { devices } = useDevices();
    const [wantsCard, setWantsCard] = useState(false);
    const choice: SourceChoice = input ? sourceOf(input) : { kind: "generator" };
    const card = choice.kind === "card" ? choice : null;
    const hasCard = devices.some((device) => device.direction === "input");
    const start = (wanted: SourceChoice) => void startWith(inputOf(wanted, loop));
    const isListed = choice.kind === "file" && files.some((file) => file.name === choice.name);
    const value = wantsCard ? "card" : choice.kind === "file" ? `file:${choice.name}` : choice.kind;
    const choose = (text: string) => {
        setWantsCard(text === "card" && !hasCard);
        if (text.startsWith("file:")) start({ kind: "file", name: text.slice(5) });
        else if (text === "generator" || text === "silence") start({ kind: text });
        else if (hasCard) start({ kind: "card", device: "" });
    };
    return (
        <section className="card source-card" aria-labelledby="source-title">
            <h3 id="source-title">Source</h3>
            <div className="row">
                <select
                    id="transport-source" aria-label="Source" value={value} disabled={!input}
                    onChange={(event) => choose(event.target.value)}
                >
                    <option value="generator">Built-in music</option>
                    <option value="silence">Silence</option>
                    <option value="card">Sound card input</option>
                    <optgroup label="Files">
                        {choice.kind === "file" && !isListed && <option value={value}>{shortName(choice.name)}</option>}
                        {files.map(({ name }) => <option key={name} value={`file:${name}`}>{shortName(name)}</option>)}
                    </optgroup>
                </select>
                <UploadButton />
            </div>
            {(card || wantsCard) && (
                <DeviceChoice
                    direction="input" device={card?.device ?? ""} channels={card?.channels}
                    onChange={(device, channels) => start({ kind: "card", device, channels })}
                />
            )}
            <FileList
                playing={choice.kind === "file" ? choice.name : null} onPlay={(name) => start({ kind: "file", name })}
            />
        </section>
    );
}
