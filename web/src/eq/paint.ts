// Draws the graph: what lies behind, and the curves.
import { themeColour } from "../frame/theme";
import type { Curves } from "./curves";
import { isUntouched, type Band } from "./bands";
import { bandColour } from "./handles";
import {
    delayRange, frequencyMarks, highestHz, levelMarks, lowestHz, spectrumSpan, spectrumY, xOf, yOf, type Plot,
} from "./plot";
import type { Grid } from "./response";
import type { SpectrumLine } from "./spectra";

type Context = CanvasRenderingContext2D;

const labelFont = "10px system-ui, sans-serif";

/** A canvas of the right size for its place and the screen's pixels; returns its context in CSS pixels. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): Context | null {
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w) canvas.width = w;
    if (canvas.height !== h) canvas.height = h;
    const context = canvas.getContext("2d");
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    context?.clearRect(0, 0, width, height);
    return context;
}

/** What the second axis says. */
export interface SecondAxis {
    kind: "none" | "phase" | "delay";
    /** half its height: degrees or ms */
    range: number;
}

/** Lines and numbers behind the curves. */
export function paintGrid(context: Context, plot: Plot, axis: SecondAxis, hasSpectrum: boolean): void {
    context.font = labelFont;
    context.lineWidth = 1;
    const bottom = plot.top + plot.height;
    const right = plot.left + plot.width;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const { hertz, text } of frequencyMarks) {
        const x = Math.round(xOf(plot, hertz)) + 0.5;
        line(context, x, plot.top, x, bottom, themeColour(isDecade(hertz) ? "--grid-strong" : "--grid"));
        if (text === "" || (plot.width < 420 && !isDecade(hertz) && hertz !== 20 && hertz !== 20000)) continue;
        context.fillStyle = themeColour("--text-faint");
        context.fillText(text, x, bottom + 4);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const db of levelMarks(plot.range)) {
        const y = Math.round(yOf(plot, db)) + 0.5;
        line(context, plot.left, y, right, y, themeColour(db === 0 ? "--grid-strong" : "--grid"));
        context.fillStyle = themeColour("--text-faint");
        context.fillText(db > 0 ? `+${db}` : String(db).replace("-", "\u2212"), plot.left - 4, y);
    }
    context.textAlign = "left";
    if (axis.kind !== "none") {
        context.fillStyle = themeColour(axis.kind === "phase" ? "--curve-phase" : "--curve-delay");
        for (const part of [-0.5, 0, 0.5, 1]) {
            context.fillText(axisText(part * axis.range, axis.kind), right + 3, yOf(plot, part * plot.range));
        }
    } else if (hasSpectrum) {
        context.fillStyle = themeColour("--text-faint");
        const { low, high } = spectrumSpan;
        for (let db = high - 20; db > low; db -= 20) {
            context.fillText(String(db).replace("-", "\u2212"), right + 4, spectrumY(plot, db));
        }
    }
}

function axisText(value: number, kind: "phase" | "delay"): string {
    const text = kind === "phase" ? `${value}°` : `${Number(value.toPrecision(2))}`;
    return text.replace("-", "\u2212");
}

function isDecade(hertz: number): boolean {
    return hertz === 100 || hertz === 1000 || hertz === 10000 || hertz === 10;
}

function line(context: Context, x0: number, y0: number, x1: number, y1: number, colour: string): void {
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
}

/** The running signal: filled before, a line behind the equaliser. */
export function paintSpectra(context: Context, plot: Plot, pre: SpectrumLine | null, post: SpectrumLine | null): void {
    context.save();
    clip(context, plot);
    if (pre) {
        tracedSpectrum(context, plot, pre, pre.db);
        context.lineTo(xOf(plot, pre.maxHz), plot.top + plot.height);
        context.lineTo(xOf(plot, pre.minHz), plot.top + plot.height);
        context.globalAlpha = 0.28;
        context.fillStyle = themeColour("--spectrum-pre");
        context.fill();
        context.globalAlpha = 0.9;
        tracedSpectrum(context, plot, pre, pre.db);
        stroke(context, "--spectrum-pre", 1);
        if (pre.peak) peaks(context, plot, pre, "--spectrum-pre");
    }
    if (post) {
        context.globalAlpha = 0.9;
        tracedSpectrum(context, plot, post, post.db);
        stroke(context, "--spectrum-post", 1.2);
        if (post.peak) peaks(context, plot, post, "--spectrum-post");
    }
    context.restore();
}

function peaks(context: Context, plot: Plot, spectrum: SpectrumLine, colour: string): void {
    if (!spectrum.peak) return;
    context.globalAlpha = 0.6;
    context.setLineDash([2, 3]);
    tracedSpectrum(context, plot, spectrum, spectrum.peak);
    stroke(context, colour, 1);
    context.setLineDash([]);
}

function tracedSpectrum(context: Context, plot: Plot, spectrum: SpectrumLine, db: ArrayLike<number>): void {
    const left = xOf(plot, spectrum.minHz);
    const step = (xOf(plot, spectrum.maxHz) - left) / (db.length - 1);
    context.beginPath();
    for (let i = 0; i < db.length; i++) {
        const [x, y] = [left + i * step, spectrumY(plot, db[i])];
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
    }
}

/** What the front canvas shows. */
export interface Scene {
    plot: Plot;
    curves: Curves;
    bands: readonly Band[];
    /** the other channels' sums */
    others: readonly Curves[];
    selected: number | undefined;
    showsBands: boolean;
    axis: SecondAxis;
}

/** The end of the second axis for a channel's curves. */
export function secondAxis(kind: SecondAxis["kind"], curves: Curves): SecondAxis {
    if (kind === "delay") return { kind, range: delayRange(curves.sum("delay")) };
    return { kind, range: 180 };
}

/** The curves: other channels, bands, second axis, sum. */
export function paintCurves(context: Context, scene: Scene): void {
    const { plot, curves, bands } = scene;
    const grid = curves.grid;
    context.save();
    clip(context, plot);
    context.lineJoin = "round";
    for (const other of scene.others) {
        traced(context, plot, grid, other.sum("magnitude"), plot.range);
        context.globalAlpha = 0.45;
        stroke(context, "--text-faint", 1);
    }
    if (scene.showsBands) {
        bands.forEach((band, i) => {
            if (isUntouched(band)) return;
            const isSelected = i === scene.selected;
            traced(context, plot, grid, curves.magnitude(i), plot.range);
            context.globalAlpha = isSelected ? 0.95 : band.isEnabled ? 0.5 : 0.3;
            if (!band.isEnabled) context.setLineDash([4, 4]);
            stroke(context, bandColour(i), isSelected ? 1.5 : 1);
            context.setLineDash([]);
            if (!isSelected || !band.isEnabled) return;
            context.lineTo(plot.left + plot.width, yOf(plot, 0));
            context.lineTo(plot.left, yOf(plot, 0));
            context.globalAlpha = 0.13;
            context.fillStyle = themeColour(bandColour(i));
            context.fill();
        });
    }
    context.globalAlpha = 1;
    if (scene.axis.kind === "phase") {
        tracedPhase(context, plot, grid, curves.sum("phase"));
        stroke(context, "--curve-phase", 1.3);
    } else if (scene.axis.kind === "delay") {
        traced(context, plot, grid, curves.sum("delay"), scene.axis.range);
        stroke(context, "--curve-delay", 1.3);
    }
    traced(context, plot, grid, curves.sum("magnitude"), plot.range);
    stroke(context, "--curve", 2.4);
    context.restore();
}

function clip(context: Context, plot: Plot): void {
    context.beginPath();
    context.rect(plot.left, plot.top, plot.width, plot.height);
    context.clip();
}

function stroke(context: Context, colour: string, width: number): void {
    context.strokeStyle = themeColour(colour);
    context.lineWidth = width;
    context.stroke();
}

/** The path of a curve whose points lie evenly from `lowestHz` to the grid's end. */
function traced(context: Context, plot: Plot, grid: Grid, values: Float64Array, range: number): void {
    const step = stepOf(plot, grid);
    context.beginPath();
    for (let i = 0; i < values.length; i++) {
        const [x, y] = [plot.left + i * step, yOf(plot, Math.max(-4 * range, Math.min(4 * range, values[i])), range)];
        if (i === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
    }
}

/** Within ±180°, with a gap where it wraps. */
function tracedPhase(context: Context, plot: Plot, grid: Grid, radians: Float64Array): void {
    const step = stepOf(plot, grid);
    context.beginPath();
    let before = NaN;
    for (let i = 0; i < radians.length; i++) {
        const degrees = (radians[i] * 180) / Math.PI;
        const wrapped = degrees - 360 * Math.round(degrees / 360);
        const [x, y] = [plot.left + i * step, yOf(plot, wrapped, 180)];
        if (Math.abs(wrapped - before) <= 180) context.lineTo(x, y);
        else context.moveTo(x, y);
        before = wrapped;
    }
}

function stepOf(plot: Plot, grid: Grid): number {
    const last = grid.frequencies[grid.frequencies.length - 1];
    return (plot.width * Math.log(last / lowestHz)) / Math.log(highestHz / lowestHz) / (grid.frequencies.length - 1);
}
