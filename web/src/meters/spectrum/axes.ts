import { Box } from "../layout";

/** What part of frequency and level is shown, and where, in CSS pixels. */
export interface Axes { plot: Box; minHz: number; maxHz: number; topDb: number; spanDb: number }

/** Horizontal place of a frequency. */
export function xOf(axes: Axes, hertz: number): number {
    return axes.plot.x + (axes.plot.width * Math.log(hertz / axes.minHz)) / Math.log(axes.maxHz / axes.minHz);
}

/** Frequency at a horizontal place, held inside the plot; Hz. */
export function hertzOf(axes: Axes, x: number): number {
    const part = Math.min(1, Math.max(0, (x - axes.plot.x) / axes.plot.width));
    return axes.minHz * (axes.maxHz / axes.minHz) ** part;
}

/** Vertical place of a level, held inside the plot. */
export function yOf(axes: Axes, db: number): number {
    const part = Math.min(1, Math.max(0, (axes.topDb - db) / axes.spanDb));
    return axes.plot.y + axes.plot.height * part;
}

/** Frequencies with a line; those with a label are written. */
export const frequencyLines: readonly { hertz: number; label?: string }[] = [
    { hertz: 20, label: "20" }, { hertz: 30 }, { hertz: 40 }, { hertz: 50, label: "50" }, { hertz: 60 }, { hertz: 70 },
    { hertz: 80 }, { hertz: 90 }, { hertz: 100, label: "100" }, { hertz: 200, label: "200" }, { hertz: 300 },
    { hertz: 400 }, { hertz: 500, label: "500" }, { hertz: 600 }, { hertz: 700 }, { hertz: 800 }, { hertz: 900 },
    { hertz: 1000, label: "1k" }, { hertz: 2000, label: "2k" }, { hertz: 3000 }, { hertz: 4000 },
    { hertz: 5000, label: "5k" }, { hertz: 6000 }, { hertz: 7000 }, { hertz: 8000 }, { hertz: 9000 },
    { hertz: 10_000, label: "10k" }, { hertz: 20_000, label: "20k" },
];

/** Levels with a line and a label, dB. */
export function levelLines(axes: Axes): number[] {
    const step = axes.spanDb <= 60 ? (axes.plot.height < 150 ? 12 : 6) : axes.plot.height < 150 ? 20 : 10;
    const lines: number[] = [];
    for (let db = Math.floor(axes.topDb / step) * step; db >= axes.topDb - axes.spanDb; db -= step) lines.push(db);
    return lines;
}
