// Where keys go in a grid of crosspoints. Pure.

/** A crosspoint: row = output, column = input, both from 0. */
export interface Crosspoint {
    row: number;
    column: number;
}

/** The crosspoint that a key leads to; null for keys that lead nowhere. */
export function crosspointAfter(
    at: Crosspoint, key: string, rows: number, columns: number, control: boolean,
): Crosspoint | null {
    const { row, column } = at;
    switch (key) {
        case "ArrowUp": return control ? null : { row: Math.max(row - 1, 0), column };
        case "ArrowDown": return control ? null : { row: Math.min(row + 1, rows - 1), column };
        case "ArrowLeft": return { row, column: Math.max(column - 1, 0) };
        case "ArrowRight": return { row, column: Math.min(column + 1, columns - 1) };
        case "Home": return control ? { row: 0, column: 0 } : { row, column: 0 };
        case "End": return control ? { row: rows - 1, column: columns - 1 } : { row, column: columns - 1 };
        default: return null;
    }
}

/** Steps of the level that a key stands for in a grid: Ctrl and arrows one, Page Up and Down ten. */
export function levelSteps(key: string, control: boolean): number {
    if (key === "PageUp") return 10;
    if (key === "PageDown") return -10;
    if (!control) return 0;
    return key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : 0;
}
