import { KeyboardEvent, MutableRefObject, useEffect, useRef, useState } from "react";
import { onFrame } from "../../frame/loop";
import { onTheme } from "../../frame/theme";
import { decibelText } from "../decibels";
import { Axes, hertzOf } from "./axes";
import { smoothed, spectrumFloorDb, tilted } from "./curve";
import { drawAxes, drawCursor, drawCurve } from "./draw";
import { hertzAt, hertzText, noteText, pointsPerOctave, valueAt } from "./grid";
import { spectra, spectrum } from "./state";

/** A wire that is shown. */
export interface ShownWire { name: string; label: string; colour: string }

/** Where the legend's numbers are written, by wire; "" is the cursor's own text. */
export type ReadOuts = MutableRefObject<Map<string, HTMLElement>>;

const margin = { left: 46, right: 16, top: 6, bottom: 20 };

/** A curve as it is shown: smoothed and tilted. */
export function shownCurve(db: ArrayLike<number>): Float32Array {
    const { smoothing, tilt } = spectrum.getState();
    return tilted(spectra.grid, smoothed(spectra.grid, db, smoothing), tilt);
}

/** The picture of all curves with a cursor for pointer and keyboard. */
export function SpectrumView({ wires, readOuts }: { wires: ShownWire[]; readOuts: ReadOuts }): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    const shown = useRef(wires);
    shown.current = wires;
    const axes = useRef<Axes | null>(null);
    const cursor = useRef<number | null>(null);
    const [said, setSaid] = useState("");

    const point = (hertz: number | null) => {
        cursor.current = hertz;
        spectra.version += 1;
    };

    useEffect(() => {
        const element = canvas.current;
        const context = element?.getContext("2d");
        const frame = element?.parentElement;
        if (!element || !context || !frame) return undefined;
        let drawn = "";
        const stopTheme = onTheme(() => { drawn = ""; });
        const stopFrames = onFrame(() => {
            const width = frame.clientWidth;
            const height = frame.clientHeight;
            if (width < 80 || height < 50) return;
            const ratio = devicePixelRatio || 1;
            const names = shown.current.map((wire) => wire.name + wire.colour).join("|");
            const wanted = `${width} ${height} ${ratio} ${spectra.version} ${names}`;
            if (wanted === drawn) return;
            drawn = wanted;
            if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
                element.width = Math.round(width * ratio);
                element.height = Math.round(height * ratio);
            }
            context.setTransform(ratio, 0, 0, ratio, 0, 0);
            const { topDb, spanDb } = spectrum.getState();
            axes.current = {
                plot: {
                    x: margin.left, y: margin.top,
                    width: width - margin.left - margin.right, height: height - margin.top - margin.bottom,
                },
                minHz: 20, maxHz: 20_000, topDb, spanDb,
            };
            drawAll(context, axes.current, width, height, shown.current, cursor.current, readOuts);
        });
        return () => {
            stopFrames();
            stopTheme();
        };
    }, [readOuts]);

    const step = (event: KeyboardEvent<HTMLCanvasElement>) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const present = cursor.current ?? 1000;
        const octaves = (event.shiftKey ? 0.1 : 1) / pointsPerOctave(spectra.grid);
        const places: Record<string, () => number> = {
            ArrowRight: () => present * 2 ** octaves,
            ArrowLeft: () => present * 2 ** -octaves,
            PageUp: () => present * 2,
            PageDown: () => present / 2,
            Home: () => 20,
            End: () => 20_000,
            ArrowUp: () => highest(shown.current) ?? present,
        };
        if (!(event.key in places)) return;
        const hertz = Math.min(20_000, Math.max(20, places[event.key]()));
        point(hertz);
        setSaid(inWords(hertz, shown.current));
        event.preventDefault();
        event.stopPropagation();
    };

    return (
        <div className="spectrum-frame">
            <canvas
                ref={canvas} tabIndex={0} role="application" onKeyDown={step}
                aria-label={"Spectrum, 20 hertz to 20 kilohertz. Left and right move the cursor, Shift finely, Page Up "
                    + "and Page Down by an octave, up goes to the highest point."}
                onPointerMove={(event) => move(event.currentTarget, event.clientX)}
                onPointerDown={(event) => move(event.currentTarget, event.clientX)}
                onPointerLeave={(event) => {
                    if (event.pointerType === "mouse" && document.activeElement !== event.currentTarget) point(null);
                }}
                onBlur={() => point(null)}
            />
            <div className="hidden-text" aria-live="polite">{said}</div>
        </div>
    );

    function move(element: HTMLCanvasElement, clientX: number): void {
        if (axes.current) point(hertzOf(axes.current, clientX - element.getBoundingClientRect().left));
    }
}

function drawAll(
    context: CanvasRenderingContext2D, axes: Axes, width: number, height: number,
    wires: ShownWire[], cursor: number | null, readOuts: ReadOuts,
): void {
    const { grid } = spectra;
    const { showsPeak } = spectrum.getState();
    drawAxes(context, axes, width, height);
    const dots: { db: number; colour: string }[] = [];
    for (const wire of wires) {
        const reference = spectra.references.get(wire.name);
        if (reference && reference.length === grid.count) {
            drawCurve(context, axes, grid, { db: shownCurve(reference), colour: wire.colour, style: "reference" });
        }
        const curve = spectra.curves.get(wire.name);
        if (!curve || curve.average.length !== grid.count) continue;
        if (showsPeak) {
            drawCurve(context, axes, grid, { db: shownCurve(curve.peak), colour: wire.colour, style: "peak" });
        }
        const db = shownCurve(curve.average);
        drawCurve(context, axes, grid, { db, colour: wire.colour, style: "main" });
        const level = cursor === null ? null : valueAt(grid, db, cursor);
        if (level !== null) dots.push({ db: level, colour: wire.colour });
        write(readOuts, wire.name, level === null ? "" : `${decibelText(level, 1, spectrumFloorDb)} dBFS`);
    }
    if (cursor !== null) drawCursor(context, axes, cursor, dots);
    write(readOuts, "", cursor === null ? "" : `${hertzText(cursor)} · ${noteText(cursor)}`);
}

function write(readOuts: ReadOuts, name: string, text: string): void {
    const element = readOuts.current.get(name);
    if (element && element.textContent !== text) element.textContent = text;
}

/** Frequency of the highest point of the first curve, Hz. */
function highest(wires: ShownWire[]): number | undefined {
    const curve = wires.length > 0 ? spectra.curves.get(wires[0].name) : undefined;
    if (!curve || curve.average.length !== spectra.grid.count) return undefined;
    const db = shownCurve(curve.average);
    return hertzAt(spectra.grid, db.indexOf(Math.max(...db)));
}

function inWords(hertz: number, wires: ShownWire[]): string {
    const levels = wires.flatMap((wire) => {
        const curve = spectra.curves.get(wire.name);
        if (!curve || curve.average.length !== spectra.grid.count) return [];
        const level = valueAt(spectra.grid, shownCurve(curve.average), hertz);
        return [`${wire.label} ${decibelText(level, 1, spectrumFloorDb)} dBFS`];
    });
    return [hertzText(hertz), noteText(hertz), ...levels].join(", ");
}
