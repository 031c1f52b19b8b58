// Where frequencies and levels lie on the graph. Pixels are CSS pixels.

/** The frequencies that the graph shows, Hz. */
export const lowestHz = 10;
export const highestHz = 24000;

/** Levels of spectra at the lower and upper edge, dBFS. */
export const spectrumSpan = { low: -100, high: 0 } as const;

/** The part of the canvas that curves take up, and the level at its edges (± dB). */
export interface Plot {
    left: number;
    top: number;
    width: number;
    height: number;
    range: number;
}

/** The plot of a canvas of this size. */
export function plotOf(width: number, height: number, range: number): Plot {
    const [left, right, top, bottom] = [30, 34, 8, 18];
    return { left, top, width: Math.max(1, width - left - right), height: Math.max(1, height - top - bottom), range };
}

export function xOf(plot: Plot, hertz: number): number {
    return plot.left + (plot.width * Math.log(hertz / lowestHz)) / Math.log(highestHz / lowestHz);
}

export function hertzOf(plot: Plot, x: number): number {
    return lowestHz * Math.pow(highestHz / lowestHz, (x - plot.left) / plot.width);
}

/** Vertical place of a level in dB; of the second axis when `range` is its. */
export function yOf(plot: Plot, value: number, range = plot.range): number {
    return plot.top + (plot.height * (1 - value / range)) / 2;
}

export function dbOf(plot: Plot, y: number): number {
    return plot.range * (1 - (2 * (y - plot.top)) / plot.height);
}

/** Vertical place of a spectrum's level, dBFS. */
export function spectrumY(plot: Plot, db: number): number {
    const part = (spectrumSpan.high - db) / (spectrumSpan.high - spectrumSpan.low);
    return plot.top + plot.height * Math.min(1, Math.max(0, part));
}

/** Frequencies with a line, and what is written under some of them. */
export const frequencyMarks: readonly { hertz: number; text: string }[] = [10, 100, 1000, 10000].flatMap((decade) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9]
        .map((digit) => decade * digit)
        .filter((hertz) => hertz <= highestHz)
        .map((hertz) => ({ hertz, text: [1, 2, 5].includes(hertz / decade) ? shortHertz(hertz) : "" })),
);

function shortHertz(hertz: number): string {
    return hertz >= 1000 ? `${hertz / 1000}k` : String(hertz);
}

/** Levels with a line, dB. */
export function levelMarks(range: number): number[] {
    const step = range <= 6 ? 2 : range <= 12 ? 3 : range <= 18 ? 6 : 10;
    const marks: number[] = [];
    for (let db = -Math.floor(range / step) * step; db <= range; db += step) marks.push(db);
    return marks;
}

/** The end of an axis of delays that shows all of them: 1, 2 or 5 times a power of ten, ms. */
export function delayRange(delays: ArrayLike<number>): number {
    let most = 0;
    for (let i = 0; i < delays.length; i++) most = Math.max(most, Math.abs(delays[i]));
    if (most < 0.1) return 0.1;
    const decade = Math.pow(10, Math.floor(Math.log10(most)));
    const digit = [1, 2, 5, 10].find((candidate) => candidate * decade >= most) ?? 10;
    return digit * decade;
}
