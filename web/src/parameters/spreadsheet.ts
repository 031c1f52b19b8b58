// Cells of a spreadsheet in the clipboard: a column into channels, a block into a matrix, and the way out.

import { inRange } from "./format";
import { Quantity, Range, UnitContext } from "./quantity";
import { parseQuantity } from "./units";

/** Rows of cells of what a spreadsheet, a table or a list puts into the clipboard. */
export function parseCells(text: string): string[][] {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    const has = (character: string): boolean => lines.some((line) => line.includes(character));
    const separator = has("\t") ? /\t/ : has(";") ? /;/ : /,\s+/;
    return lines.map((line) => line.split(separator).map((cell) => unquoted(cell.trim())));
}

/** Whether a clipboard text holds more than one cell. */
export function isSeveral(text: string): boolean {
    const cells = parseCells(text.trim());
    return cells.length > 1 || cells[0].length > 1;
}

function unquoted(cell: string): string {
    return /^".*"$/.test(cell) ? cell.slice(1, -1).replace(/""/g, "\"") : cell;
}

/** One cell of a column and what becomes of it. */
export interface PastedCell {
    text: string;
    /** Index of the channel that takes it; absent for cells beyond the last one. */
    channel?: number;
    value?: number;
    /** Why it is not taken. */
    reason?: string;
}

/** What a column says of channels. */
export interface PastedColumn {
    /** A first line that names the column and is no value. */
    header?: string;
    cells: PastedCell[];
}

/** Reads one cell as a value: a scalar of the wire or a sentence. */
export type CellReader = (text: string) => { ok: true; value: number } | { ok: false; reason: string };

/** A reader for numbers of one kind. */
export function numberReader(quantity: Quantity, range: Range, context: UnitContext): CellReader {
    return (text) => {
        const parsed = parseQuantity(text, quantity, context);
        return parsed.ok ? inRange(parsed.value, range, quantity, context) : parsed;
    };
}

/**
 * Puts a column (or a row) into channels, from the channel `first` on. Of several columns the one with most values is
 * taken; empty cells leave their channel as it is.
 */
export function columnInto(text: string, channels: number, first: number, read: CellReader): PastedColumn {
    const rows = parseCells(text);
    let column = rows.length === 1 && rows[0].length > 1 ? rows[0] : pickColumn(rows, read);
    let header: string | undefined;
    if (column.length > 1 && column[0] !== "" && !read(column[0]).ok && !/\d/.test(column[0])) {
        header = column[0];
        column = column.slice(1);
    }
    const cells = column.map((cell, index): PastedCell => {
        const channel = first + index;
        if (channel >= channels) return { text: cell, reason: `There is no channel ${channel + 1}.` };
        if (cell === "") return { text: cell, channel };
        const result = read(cell);
        return result.ok ? { text: cell, channel, value: result.value }
            : { text: cell, channel, reason: result.reason };
    });
    return { header, cells };
}

/** The first column with as many readable cells as any: labels stand before, remarks behind the values. */
function pickColumn(rows: string[][], read: CellReader): string[] {
    const width = Math.max(...rows.map((row) => row.length));
    let best: string[] = rows.map((row) => row[0] ?? "");
    let most = -1;
    for (let i = 0; i < width; i += 1) {
        const column = rows.map((row) => row[i] ?? "");
        const readable = column.filter((cell) => cell !== "" && read(cell).ok).length;
        const isNumbering = width > 1 && i === 0 && column.every((cell, row) => cell === "" || cell === String(row + 1)
            || (row > 0 && cell === String(row)) || !/\d/.test(cell));
        if (readable > most && !isNumbering) {
            best = column;
            most = readable;
        }
    }
    return best;
}

/** A block of cells into a matrix from one crosspoint on: values by [row, column]; cells outside fall away. */
export function blockInto(
    text: string, rows: number, columns: number, from: { row: number; column: number }, read: CellReader,
): { values: { row: number; column: number; value: number }[]; faults: string[] } {
    const values: { row: number; column: number; value: number }[] = [];
    const faults: string[] = [];
    parseCells(text).forEach((line, r) => line.forEach((cell, c) => {
        const row = from.row + r;
        const column = from.column + c;
        if (cell === "") return;
        if (row >= rows || column >= columns) {
            faults.push(`${cell} lies outside the matrix.`);
            return;
        }
        const result = read(cell);
        if (result.ok) values.push({ row, column, value: result.value });
        else faults.push(result.reason);
    }));
    return { values, faults };
}

/** Values as a column that a spreadsheet takes. */
export function columnText(values: (string | number)[]): string {
    return values.join("\n") + "\n";
}

/** Rows of values as a block that a spreadsheet takes. */
export function blockText(rows: (string | number)[][]): string {
    return rows.map((row) => row.join("\t")).join("\n") + "\n";
}
