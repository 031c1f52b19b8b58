/** Frequencies evenly spaced in logarithm, as the node sends its spectra. */
export interface Grid { minHz: number; maxHz: number; count: number }

/** Frequency of a point, Hz. */
export function hertzAt(grid: Grid, index: number): number {
    return grid.minHz * (grid.maxHz / grid.minHz) ** (index / (grid.count - 1));
}

/** Place of a frequency on the grid, in points; not rounded, not limited. */
export function indexOf(grid: Grid, hertz: number): number {
    return (Math.log(hertz / grid.minHz) / Math.log(grid.maxHz / grid.minHz)) * (grid.count - 1);
}

/** Points in an octave. */
export function pointsPerOctave(grid: Grid): number {
    return (grid.count - 1) / Math.log2(grid.maxHz / grid.minHz);
}

/** Level at a frequency between the points, dB. */
export function valueAt(grid: Grid, db: ArrayLike<number>, hertz: number): number {
    const place = Math.min(grid.count - 1, Math.max(0, indexOf(grid, hertz)));
    const below = Math.min(Math.floor(place), grid.count - 2);
    const part = place - below;
    return db[below] * (1 - part) + db[below + 1] * part;
}

const names = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/** The nearest note of equal temperament at A4 = 440 Hz, and how far the frequency is from it: "A4 +0 ct". */
export function noteText(hertz: number): string {
    const exact = 69 + 12 * Math.log2(hertz / 440);
    const note = Math.round(exact);
    const cents = Math.round((exact - note) * 100);
    const sign = cents < 0 ? "−" : "+";
    return `${names[((note % 12) + 12) % 12]}${Math.floor(note / 12) - 1} ${sign}${Math.abs(cents)} ct`;
}

/** A frequency as it is shown: "63.0 Hz", "440 Hz", "1.25 kHz". */
export function hertzText(hertz: number): string {
    if (hertz < 100) return `${hertz.toFixed(1)} Hz`;
    if (hertz < 1000) return `${hertz.toFixed(0)} Hz`;
    return `${(hertz / 1000).toFixed(hertz < 10_000 ? 2 : 1)} kHz`;
}
