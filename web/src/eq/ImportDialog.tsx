// Filters from REW, Equalizer APO and others: text in, curve and report, then bands.
import { useMemo, useRef, useState } from "react";
import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { notify } from "../frame/notices";
import { bandCount, isUntouched, type Band } from "./bands";
import { decoded } from "./import/decoded";
import { readDocument, type TextFormat } from "./import/document";
import { planImport, type Plan, type PreampUse } from "./import/plan";
import { ImportReport } from "./ImportReport";
import { PreviewCurve } from "./PreviewCurve";
import type { EqModel } from "./model";
import { gainText } from "./texts";

export interface ImportDialogProps {
    model: EqModel;
    channel: number;
    channels: number;
    onClose: () => void;
}

const formats: readonly { id: TextFormat; title: string }[] = [
    { id: "rew", title: "REW filter settings" },
    { id: "apo", title: "Equalizer APO" },
    { id: "table", title: "Table (REW, CSV)" },
    { id: "coefficients", title: "Coefficients (miniDSP)" },
];
const rates = [44100, 48000, 88200, 96000, 176400, 192000];
/** Larger files are no filter texts, bytes. */
const mostBytes = 1_000_000;

export function ImportDialog({ model, channel, channels, onClose }: ImportDialogProps): JSX.Element {
    const [text, setText] = useState("");
    const [format, setFormat] = useState<TextFormat | "auto">("auto");
    const [rate, setRate] = useState(model.sampleRate);
    const [only, setOnly] = useState("");
    const [preamp, setPreamp] = useState<PreampUse>("shelf");
    const [isAdding, setAdding] = useState(false);
    const [chosen, setChosen] = useState<number[] | null>(null);
    const file = useRef<HTMLInputElement>(null);

    const document = useMemo(
        () => readDocument(text, {
            format: format === "auto" ? undefined : format, sampleRate: rate, highest: model.sampleRate / 2,
        }),
        [text, format, rate, model],
    );
    // A text that speaks of channels is for all of them, any other for the channel that is shown.
    const targets = chosen ?? (document.channels.length > 0 ? Array.from({ length: channels }, (_, i) => i) : [channel]);
    const kept = (target: number): Band[] => (isAdding ? model.bands(target).filter((band) => !isUntouched(band)) : []);
    const room = bandCount - Math.max(0, ...targets.map((target) => kept(target).length));
    const plan: Plan = useMemo(
        () => planImport(document, {
            sampleRate: model.sampleRate, limits: model.limits, channelCount: channels, preamp, room,
            only: document.channels.includes(only) ? only : undefined,
        }),
        [document, model, channels, preamp, room, only],
    );
    const after = new Map(targets.map((target) => [target, [...kept(target), ...plan.bands[target]]]));
    const hasCoefficients = document.filters.some((filter) => filter.form.kind === "coefficients");
    const hasPreamp = document.preamps.some((one) => one.gainDb !== 0) || plan.gainDb.some((gain) => Math.abs(gain) > 1e-6)
        || hasCoefficients;
    const count = Math.max(0, ...targets.map((target) => plan.bands[target].length));
    const isEmpty = text.trim() === "";

    const read = async (opened: File | undefined): Promise<void> => {
        if (!opened) return;
        if (opened.size > mostBytes) notify("error", `${opened.name} is too large to be a list of filters.`);
        else setText(decoded(await opened.arrayBuffer()));
    };
    const take = (): void => {
        const isChanged = model.replaceAll(after);
        const left = plan.reports.filter((report) => !report.isTaken && !report.isHarmless).length;
        const rest = left > 0 ? `; ${left} line${left === 1 ? "" : "s"} could not be taken` : "";
        notify("info", isChanged ? `${count} band${count === 1 ? "" : "s"} imported${rest}.` : "The bands are already so.");
        onClose();
    };
    const foot = (
        <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" disabled={count === 0 || targets.length === 0} onClick={take}>
                {count === 0 ? "Import" : `Import ${count} band${count === 1 ? "" : "s"}`}
            </Button>
        </>
    );
    return (
        <Dialog title="Import filters" width={760} onClose={onClose} actions={foot}>
            <div
                className="eq-import-text"
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => {
                    event.preventDefault();
                    void read(event.dataTransfer.files[0]);
                }}
            >
                <textarea
                    data-autofocus
                    rows={isEmpty ? 8 : 5}
                    spellCheck={false}
                    aria-label="Text of the filters"
                    placeholder={"Paste the text here, or drop a file.\nFilter 1: ON PK Fc 63 Hz Gain -4.5 dB Q 3.0"}
                    value={text}
                    onChange={(event) => setText(event.target.value)}
                />
                <div className="eq-import-options">
                    <Button icon="upload" onClick={() => file.current?.click()}>Open file</Button>
                    <input
                        ref={file}
                        type="file"
                        hidden
                        accept=".txt,.csv,.cfg,.xml,text/plain"
                        aria-label="File of filters"
                        onChange={(event) => {
                            void read(event.target.files?.[0]);
                            event.target.value = "";
                        }}
                    />
                    <label className="field">
                        <span className="dim">Format</span>
                        <select value={format} onChange={(event) => setFormat(event.target.value as TextFormat | "auto")}>
                            <option value="auto">
                                {isEmpty ? "By its content" : `By its content: ${formats.find((one) => one.id === document.format)?.title}`}
                            </option>
                            {formats.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}
                        </select>
                    </label>
                    {hasCoefficients && (
                        <label className="field">
                            <span className="dim">Coefficients are for</span>
                            <select value={rate} onChange={(event) => setRate(Number(event.target.value))}>
                                {[...new Set([model.sampleRate, ...rates])].map((one) => (
                                    <option key={one} value={one}>{one / 1000} kHz{one === model.sampleRate ? " (as the chain)" : ""}</option>
                                ))}
                            </select>
                        </label>
                    )}
                </div>
            </div>
            {!isEmpty && (
                <>
                    <div className="eq-import-options">
                        <fieldset className="eq-targets">
                            <legend className="dim">Into channel</legend>
                            {Array.from({ length: channels }, (_, index) => (
                                <label key={index}>
                                    <input
                                        type="checkbox"
                                        checked={targets.includes(index)}
                                        onChange={(event) => setChosen(
                                            event.target.checked
                                                ? [...targets, index].sort((a, b) => a - b)
                                                : targets.filter((one) => one !== index),
                                        )}
                                    />
                                    {index + 1}
                                </label>
                            ))}
                            {channels > 1 && (
                                <Button kind="quiet" onClick={() => setChosen(Array.from({ length: channels }, (_, i) => i))}>All</Button>
                            )}
                        </fieldset>
                        {document.channels.length > 0 && (
                            <label className="field">
                                <span className="dim">Filters of</span>
                                <select value={only} onChange={(event) => setOnly(event.target.value)}>
                                    <option value="">each channel, as the text says</option>
                                    {document.channels.map((name) => <option key={name} value={name}>channel {name} of the text</option>)}
                                </select>
                            </label>
                        )}
                        <label className="field">
                            <span className="dim">Present bands</span>
                            <select value={isAdding ? "add" : "replace"} onChange={(event) => setAdding(event.target.value === "add")}>
                                <option value="replace">are replaced</option>
                                <option value="add">are kept</option>
                            </select>
                        </label>
                        {hasPreamp && (
                            <label className="field">
                                <span className="dim">Preamp</span>
                                <select value={preamp} onChange={(event) => setPreamp(event.target.value as PreampUse)}>
                                    <option value="shelf">as a shelf above all frequencies</option>
                                    <option value="none">left out</option>
                                </select>
                            </label>
                        )}
                    </div>
                    <PreviewCurve model={model} channels={after} />
                    <ImportReport reports={plan.reports} deviationDb={plan.deviationDb} />
                    {preamp === "none" && targets.some((target) => Math.abs(plan.gainDb[target]) > 1e-6) && (
                        <p className="dim">
                            The text asks for {gainText(plan.gainDb[targets[0]])} of gain, which is left out: set it in a gain module.
                        </p>
                    )}
                </>
            )}
        </Dialog>
    );
}
