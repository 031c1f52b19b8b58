import { useState } from "react";
import { Button, IconButton } from "../controls/Button";
import { freeName, nameFault } from "./audioName";
import { useFiles } from "./files";
import { bytesText } from "./timeText";
import { UploadItem, takenNames, uploads, useUploads } from "./uploads";

/** Files on their way: questions about names, progress, what went wrong. */
export function UploadList(): JSX.Element | null {
    const items = useUploads();
    if (items.length === 0) return null;
    return (
        <ul className="upload-list" aria-label="Uploads">
            {items.map((item) => (
                <li key={item.id} data-state={item.state}>
                    {item.state === "asking" ? <NameQuestion item={item} others={items.filter((other) => other !== item)} /> : <Progress item={item} />}
                </li>
            ))}
        </ul>
    );
}

function Progress({ item }: { item: UploadItem }): JSX.Element {
    const percent = Math.round(item.part * 100);
    return (
        <>
            <span className="name">{item.name}</span>
            {item.fault !== null
                ? <span className="fault" role="alert">{item.fault}</span>
                : (
                    <>
                        <progress value={item.part} max={1} aria-label={`Upload of ${item.name}`} />
                        <span className="dim numbers">
                            {item.state === "waiting" ? "waiting" : `${percent} % of ${bytesText(item.bytes)}`}
                        </span>
                    </>
                )}
            {item.state === "failed" && <Button onClick={() => uploads.retry(item.id)}>Try again</Button>}
            <IconButton
                label={item.fault === null ? `Cancel the upload of ${item.name}` : `Dismiss ${item.name}`} icon="close"
                onClick={() => uploads.remove(item.id)}
            />
        </>
    );
}

function NameQuestion({ item, others }: { item: UploadItem; others: UploadItem[] }): JSX.Element {
    const taken = takenNames(useFiles((state) => state.files), others);
    const [name, setName] = useState(item.name);
    const fault = nameFault(name);
    const isTaken = taken.includes(name);
    const why = nameFault(item.original);
    return (
        <form
            className="name-question"
            onSubmit={(event) => {
                event.preventDefault();
                uploads.confirm(item.id, name);
            }}
        >
            <p>
                {why !== undefined
                    ? <>“{item.original}” cannot keep its name. {why}</>
                    : <>There is a file “{item.name}” already.</>}
            </p>
            <div className="row">
                <input
                    type="text" aria-label={`Name for ${item.original} at the node`} value={name}
                    aria-invalid={fault !== undefined}
                    onChange={(event) => setName(event.target.value)} spellCheck={false}
                />
                <Button type="submit" kind={isTaken ? "danger" : "primary"} disabled={fault !== undefined}>
                    {isTaken ? "Replace" : "Upload"}
                </Button>
                {isTaken && <Button onClick={() => uploads.confirm(item.id, freeName(name, taken))}>Keep both</Button>}
                <Button kind="quiet" onClick={() => uploads.remove(item.id)}>Cancel</Button>
            </div>
            {fault !== undefined && <p className="fault" role="alert">{fault}</p>}
        </form>
    );
}
