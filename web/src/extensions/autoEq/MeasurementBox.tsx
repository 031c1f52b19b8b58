// Where a measurement comes from: a file or a pasted text.
import { useEffect, useRef, useState } from "react";
import { hertzText } from "../../eq/texts";
import { page } from "../page";
import type { CurveReader } from "./useCurve";

/** After the last key that changes a pasted text, ms. */
const pause = 350;

export function MeasurementBox({ reader }: { reader: CurveReader }): JSX.Element {
    const [text, setText] = useState("");
    const timer = useRef<ReturnType<typeof setTimeout>>();
    useEffect(() => () => clearTimeout(timer.current), []);
    const open = (file: File | undefined): void => {
        if (!file) return;
        clearTimeout(timer.current);
        setText("");
        reader.open(file);
    };
    return (
        <div
            className="auto-eq-source"
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
                event.preventDefault();
                open(event.dataTransfer.files[0]);
            }}
        >
            <textarea
                data-autofocus
                rows={4}
                spellCheck={false}
                aria-label="Text of the measurement"
                placeholder={"Paste a measurement (REW, CSV),\nor drop a file.\n20.0  71.3\n21.2  72.0"}
                value={text}
                onChange={(event) => {
                    const next = event.target.value;
                    setText(next);
                    clearTimeout(timer.current);
                    timer.current = setTimeout(() => reader.read("Pasted text", next), pause);
                }}
            />
            <FileButton label="File of the measurement" onFile={open}>Open file</FileButton>
            <CurveText reader={reader} />
        </div>
    );
}

/** A button that asks for a file. */
export function FileButton({ label, children, onFile }: { label: string; children: string; onFile: (file: File) => void }): JSX.Element {
    const input = useRef<HTMLInputElement>(null);
    return (
        <>
            <page.Button icon="upload" onClick={() => input.current?.click()}>{children}</page.Button>
            <input
                ref={input}
                type="file"
                hidden
                accept=".txt,.csv,.frd,.cal,text/plain,text/csv"
                aria-label={label}
                onChange={(event) => {
                    const file = event.target.files?.[0];
                    if (file) onFile(file);
                    event.target.value = "";
                }}
            />
        </>
    );
}

/** What was read, or why not. */
export function CurveText({ reader: { curve, fault, isReading } }: { reader: CurveReader }): JSX.Element {
    if (fault !== undefined) return <p className="auto-eq-fault" role="alert">{fault}</p>;
    const last = (curve?.freqs.length ?? 0) - 1;
    return (
        <p className="dim" role="status">
            {isReading ? "Reading…" : curve
                ? `${curve.name}: ${last + 1} points, ${hertzText(curve.freqs[0])} to ${hertzText(curve.freqs[last])}`
                : ""}
            {curve?.notes.map((note) => ` · ${note}`)}
        </p>
    );
}
