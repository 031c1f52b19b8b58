// A column of a spreadsheet on its way into the channels: what goes where is shown before it is taken.

import { useId, useState } from "react";

import { Button } from "../controls/Button";
import { Dialog } from "../controls/Dialog";
import { notify } from "../frame/ui";
import { setKeys } from "./changes";
import type { PanelParameter } from "./edited";
import { formatQuantity, formatRange } from "./format";
import { keyOf } from "./keys";
import { Options } from "./Options";
import type { UnitContext } from "./quantity";
import { columnInto, numberReader } from "./spreadsheet";
import { titleOf } from "./titles";
import { examples } from "./units";

/** What the dialog needs. */
export interface PasteColumnProps {
    parameter: PanelParameter;
    channels: number;
    context: UnitContext;
    onClose: () => void;
}

/** Asks for a column and puts it into the channels. */
export function PasteColumn({ parameter, channels, context, onClose }: PasteColumnProps): JSX.Element {
    const [text, setText] = useState("");
    const [first, setFirst] = useState(0);
    const textId = useId();
    const firstId = useId();
    const { schema, quantity, range } = parameter;
    const title = titleOf(schema.name);
    const { cells, header } = text.trim() === ""
        ? { cells: [], header: undefined }
        : columnInto(text, channels, first, numberReader(quantity, range, context));
    const good = cells.filter((cell) => cell.value !== undefined);
    const bad = cells.filter((cell) => cell.reason !== undefined);
    const apply = (): void => {
        if (good.length === 0 || bad.length > 0) return;
        const values = good.map((cell) => [keyOf(schema.name, cell.channel ?? 0), cell.value ?? 0]);
        setKeys(parameter.instances, Object.fromEntries(values));
        notify("info", `${title} of ${good.length} channels was pasted.`);
        onClose();
    };
    return (
        <Dialog
            title={`Paste a column into ${title}`}
            onClose={onClose}
            actions={(
                <>
                    <Button onClick={onClose}>Cancel</Button>
                    <Button kind="primary" disabled={good.length === 0 || bad.length > 0} onClick={apply}>
                        {good.length === 0 ? "Set channels"
                            : `Set ${good.length} channel${good.length === 1 ? "" : "s"}`}
                    </Button>
                </>
            )}
        >
            <div className="paste-column">
                <label htmlFor={textId}>
                    Cells, one a line (Ctrl-V). {formatRange(range, quantity, context)}. {examples(quantity)}
                </label>
                <textarea
                    id={textId} data-autofocus rows={8} spellCheck={false} value={text}
                    onChange={(event) => setText(event.target.value)}
                    onKeyDown={(event) => {
                        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
                        event.preventDefault();
                        apply();
                    }}
                />
                <div className="paste-first">
                    <label htmlFor={firstId}>First channel</label>
                    <select id={firstId} value={first} onChange={(event) => setFirst(Number(event.target.value))}>
                        <Options items={channels} />
                    </select>
                </div>
                <div className="paste-preview" role="status">
                    {header !== undefined && <p>&ldquo;{header}&rdquo; is taken as the heading.</p>}
                    {cells.length > 0 && (
                        <table>
                            <thead>
                                <tr><th scope="col">Channel</th><th scope="col">Cell</th><th scope="col">Value</th></tr>
                            </thead>
                            <tbody>
                                {cells.map((cell, index) => (
                                    <tr key={index} className={cell.reason === undefined ? undefined : "faulty"}>
                                        <td>{cell.channel === undefined ? "–" : cell.channel + 1}</td>
                                        <td>{cell.text}</td>
                                        <td>
                                            {cell.reason ?? (cell.value === undefined
                                                ? "unchanged" : formatQuantity(cell.value, quantity, context))}
                                        </td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    )}
                </div>
            </div>
        </Dialog>
    );
}
