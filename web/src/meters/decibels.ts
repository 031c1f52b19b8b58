/** What the node reports for silence, dBFS. */
export const silenceDb = -120;

/** Power (full scale squared = 1) of a level in dBFS; silence is 0. */
export function powerOf(db: number): number {
    return db <= silenceDb ? 0 : 10 ** (db / 10);
}

/** Level in dBFS of a power, at least `silenceDb`. */
export function levelOf(power: number): number {
    return power > 0 ? Math.max(10 * Math.log10(power), silenceDb) : silenceDb;
}

/** A level as it is shown, without its unit: "−18.3", "0.0", "+1.2", "−∞". */
export function decibelText(db: number, digits = 1, floor = silenceDb): string {
    if (!(db > floor)) return "−∞";
    const text = Math.abs(db).toFixed(digits);
    if (Number(text) === 0) return text;
    return (db < 0 ? "−" : "+") + text;
}
