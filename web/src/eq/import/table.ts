// A table with a heading: REW's filter settings as formatted text, our own CSV, or a spreadsheet's column names.
import type { Described, Refused } from "./document";
import { sectionOf, type Parts, type Reading } from "./filterLine";
import { frequencyNumber, plainNumber } from "./numbers";

type Column = "type" | "frequency" | "gain" | "q" | "octaves" | "time" | "enabled" | "channel" | "other";

const columnPatterns: readonly [RegExp, Column][] = [
    [/^type$/i, "type"],
    [/^(frequency|freq|fc)/i, "frequency"],
    [/^gain/i, "gain"],
    [/^q$/i, "q"],
    [/^(bandwidth|bw)[\s(_]*oct/i, "octaves"],
    [/^target\s*t60/i, "time"],
    [/^(enabled|on|state)$/i, "enabled"],
    [/^channel$/i, "channel"],
];

/** Reads the rows below the first line that names a type and a frequency. */
export function readTable(
    text: string, reading: Reading,
): { filters: Described[]; refused: Refused[]; channels: string[] } {
    const filters: Described[] = [];
    const refused: Refused[] = [];
    const channels: string[] = [];
    let columns: Column[] = [];
    let mark: RegExp = /\t/;
    text.split("\n").forEach((raw, index) => {
        const line = index + 1;
        const trimmed = raw.trim();
        if (trimmed === "") return;
        if (columns.length === 0) {
            mark = separator(trimmed);
            const names = trimmed.split(mark).map(columnOf);
            if (names.includes("type") && names.includes("frequency")) columns = names;
            return;
        }
        const cells = cellsOf(trimmed, mark, columns);
        const cell = (column: Column): string => cells[columns.indexOf(column)]?.trim() ?? "";
        const name = cell("type").toUpperCase().replace(/[\s_]+/g, "");
        if (name === "" || name === "NONE") {
            refused.push({ line, text: trimmed, reason: "an empty filter", isHarmless: true });
            return;
        }
        const parts: Parts = {
            name,
            frequency: frequencyNumber(cell("frequency"), { ...reading.style, decimals: new Set([".", ","]), isStrict: false }),
            gainDb: plainNumber(cell("gain")),
            q: plainNumber(cell("q")),
            octaves: plainNumber(cell("octaves")),
            sixtieths: NaN,
            time: plainNumber(cell("time")) / 1000,
        };
        const section = sectionOf(parts, "rew");
        if ("reason" in section) {
            refused.push({ line, text: trimmed, ...section });
            return;
        }
        const channel = cell("channel").toUpperCase();
        if (channel !== "" && !channels.includes(channel)) channels.push(channel);
        const isOn = !/^(false|off|no|0)$/i.test(cell("enabled"));
        filters.push({
            line, text: trimmed, form: section.form, isOn, note: section.note, channels: channel === "" ? null : [channel],
        });
    });
    return { filters, refused, channels };
}

function columnOf(name: string): Column {
    const tidy = name.trim().replace(/^"|"$/g, "");
    return columnPatterns.find(([pattern]) => pattern.test(tidy))?.[1] ?? "other";
}

function separator(heading: string): RegExp {
    if (heading.includes("\t")) return /\t/;
    if (heading.includes(";")) return /;/;
    if (heading.includes(",")) return /,/;
    return /\s+/;
}

/** Types without a gain leave its cell out where only spaces part the cells. */
function cellsOf(line: string, mark: RegExp, columns: readonly Column[]): string[] {
    const cells = line.split(mark).map((cell) => cell.trim().replace(/^"|"$/g, ""));
    const gain = columns.indexOf("gain");
    const type = (cells[columns.indexOf("type")] ?? "").toUpperCase();
    const hasNoGain = /^(LP|HP|NO|NOTCH|AP|ALL)/.test(type);
    if (mark.source === "\\s+" && hasNoGain && gain >= 0 && cells.length < columns.length) cells.splice(gain, 0, "");
    return cells;
}
