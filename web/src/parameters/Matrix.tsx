// A mixer as a grid of crosspoints: columns are inputs, rows outputs.

import { ClipboardEvent, KeyboardEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";

import { Button } from "../controls/Button";
import { notify } from "../frame/ui";
import { node } from "../node/store";
import { setKeys } from "./changes";
import { copyText } from "./clipboard";
import { Control } from "./Control";
import { CrosspointCell, mayToggle } from "./CrosspointCell";
import { isField, PanelParameter, ParameterGroup } from "./edited";
import { defaultAt, keyOf } from "./keys";
import { Crosspoint, crosspointAfter, levelSteps } from "./matrixMoves";
import type { UnitContext } from "./quantity";
import { blockInto, blockText, numberReader } from "./spreadsheet";
import { titleOf } from "./titles";

/** What the matrix needs; labels come from the ports. */
export interface MatrixProps {
    group: ParameterGroup;
    context: UnitContext;
    disabled?: boolean;
    outputs: string;
    inputs: string;
}

/** The grid, and below it everything of the crosspoint that is chosen. */
export function Matrix(props: MatrixProps): JSX.Element | null {
    const { group, context, disabled } = props;
    const [rows, columns] = group.extents;
    const [chosen, setChosen] = useState<Crosspoint>({ row: 0, column: 0 });
    const table = useRef<HTMLTableElement>(null);
    const detail = useRef<HTMLDivElement>(null);
    const level = group.parameters.find(isField);
    const switches = group.parameters.filter((parameter) => parameter.schema.dataType === "bool");
    if (!level) return null;
    const { instances, schema, law, quantity, range } = level;
    const at: Crosspoint = { row: Math.min(chosen.row, rows - 1), column: Math.min(chosen.column, columns - 1) };
    const keyAt = ({ row, column }: Crosspoint): string => keyOf(schema.name, row, column);
    const valueAt = (place: Crosspoint): number => Number(node.value(instances[0], keyAt(place)) ?? range.min);
    const set = (place: Crosspoint, value: number): void => setKeys(instances, { [keyAt(place)]: value });
    const go = (place: Crosspoint): void => {
        setChosen(place);
        table.current?.querySelector<HTMLElement>(`[data-at="${place.row} ${place.column}"]`)?.focus();
    };
    const flip = (parameter: PanelParameter, place: Crosspoint): void => {
        const key = keyOf(parameter.schema.name, place.row, place.column);
        setKeys(instances, { [key]: node.value(instances[0], key) !== "true" });
    };
    const onKeyDown = (event: KeyboardEvent): void => {
        if (event.altKey || event.metaKey) return;
        const next = crosspointAfter(at, event.key, rows, columns, event.ctrlKey);
        const steps = levelSteps(event.key, event.ctrlKey);
        if (next) go(next);
        else if (disabled) return;
        else if (steps !== 0) set(at, law.step(valueAt(at), steps, event.shiftKey));
        else if (event.ctrlKey) return;
        else if (event.key === "Enter" || event.key === " ") set(at, mayToggle(valueAt(at), range));
        else if (event.key === "Delete" || event.key === "Backspace") set(at, range.min);
        else if (/^[\d.,+-]$/.test(event.key)) {
            // The character goes on to the field, which has to show its text for typing over first.
            const field = detail.current?.querySelector<HTMLInputElement>("input[role=spinbutton]");
            flushSync(() => field?.focus());
            field?.select();
            return;
        } else {
            const flipped = switches.find(({ schema: { name } }) => name.startsWith(event.key.toLowerCase()));
            if (!flipped) return;
            flip(flipped, at);
        }
        event.preventDefault();
    };
    const onPaste = (event: ClipboardEvent): void => {
        if (disabled || event.target instanceof HTMLInputElement) return;
        const block = blockInto(event.clipboardData.getData("text"), rows, columns, at,
            numberReader(quantity, range, context));
        event.preventDefault();
        if (block.faults.length > 0) {
            notify("error", `Nothing was pasted. ${block.faults[0]}`);
            return;
        }
        setKeys(instances, Object.fromEntries(block.values.map((cell) => [keyAt(cell), cell.value])));
        notify("info", `${block.values.length} crosspoints were pasted.`);
    };
    const everywhere = (value: (place: Crosspoint) => number): void => {
        const values: Record<string, number> = {};
        for (let row = 0; row < rows; row += 1) {
            for (let column = 0; column < columns; column += 1) values[keyAt({ row, column })] = value({ row, column });
        }
        setKeys(instances, values);
    };
    const straight = (): void => everywhere(({ row, column }) => Number(defaultAt(schema, [row, column])));
    const copy = (): void => {
        const text = blockText(Array.from({ length: rows }, (_, row) => (
            Array.from({ length: columns }, (_, column) => valueAt({ row, column })))));
        void copyText(text);
        notify("info", `${rows} × ${columns} crosspoints are in the clipboard, in ${quantity.unit}.`);
    };
    const inputName = (column: number): string => `${props.inputs} ${column + 1}`;
    const outputName = (row: number): string => `${props.outputs} ${row + 1}`;
    return (
        <div className="matrix" onPaste={onPaste}>
            <div className="matrix-tools">
                <Button kind="quiet" disabled={disabled} title="Every input to the output of its number"
                    onClick={straight}>
                    Diagonal
                </Button>
                <Button kind="quiet" disabled={disabled} onClick={() => everywhere(() => range.min)}>All off</Button>
                <Button kind="quiet" onClick={copy}>Copy matrix</Button>
            </div>
            <div className="matrix-scroll">
                <table ref={table} role="grid"
                    aria-label={`${titleOf(schema.name)} from inputs (columns) to outputs (rows)`}
                    onKeyDown={onKeyDown}>
                    <thead>
                        <tr>
                            <td className="matrix-corner" aria-hidden="true">out \ in</td>
                            {Array.from({ length: columns }, (_, column) => (
                                <ColumnHead key={column} name={inputName(column)} />
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {Array.from({ length: rows }, (_, row) => (
                            <tr key={row}>
                                <th scope="row" title={outputName(row)}><span>{outputName(row)}</span></th>
                                {Array.from({ length: columns }, (_, column) => (
                                    <CrosspointCell
                                        key={column} level={level} switches={switches} row={row} column={column}
                                        context={context}
                                        disabled={disabled} isChosen={at.row === row && at.column === column}
                                        name={`${inputName(column)} to ${outputName(row)}`}
                                        onChoose={() => setChosen({ row, column })}
                                    />
                                ))}
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            <div ref={detail} className="matrix-detail" role="group"
                aria-label={`${inputName(at.column)} to ${outputName(at.row)}`}>
                <span className="matrix-detail-name">{inputName(at.column)} → {outputName(at.row)}</span>
                <Control key={keyAt(at)} parameter={level} name={keyAt(at)} context={context} disabled={disabled} />
                {switches.map((parameter) => (
                    <Control key={parameter.schema.name} parameter={parameter} short context={context}
                        disabled={disabled}
                        name={keyOf(parameter.schema.name, at.row, at.column)} />
                ))}
            </div>
            <p className="matrix-hint">
                Click: 0 dB or off. Drag up and down or wheel: level. Arrows move, Page Up and Down step, type a level,
                {switches.map(({ schema: { name } }) => ` ${name[0]}: ${titleOf(name).toLowerCase()}`).join(",")}.
            </p>
        </div>
    );
}

function ColumnHead({ name }: { name: string }): JSX.Element {
    return <th scope="col" title={name}><span>{name}</span></th>;
}
