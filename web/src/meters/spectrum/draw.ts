import { themeColour } from "../../frame/theme";
import { Axes, frequencyLines, levelLines, xOf, yOf } from "./axes";
import { Grid, hertzAt } from "./grid";

/** One line of the picture. */
export interface DrawnCurve { db: ArrayLike<number>; colour: string; style: "main" | "peak" | "reference" }

const font = "10px system-ui, sans-serif";

/** Clears the canvas and draws lines and labels of the axes. */
export function drawAxes(context: CanvasRenderingContext2D, axes: Axes, width: number, height: number): void {
    const { plot } = axes;
    context.clearRect(0, 0, width, height);
    context.font = font;
    context.textBaseline = "middle";
    context.lineWidth = 1;
    for (const { hertz, label } of frequencyLines) {
        const x = Math.round(xOf(axes, hertz)) + 0.5;
        context.strokeStyle = themeColour(label ? "--grid-strong" : "--grid");
        line(context, x, plot.y, x, plot.y + plot.height);
        if (!label) continue;
        context.fillStyle = themeColour("--text-faint");
        context.textAlign = hertz === 20_000 ? "right" : "center";
        context.fillText(hertz === 20_000 ? "20k Hz" : label, hertz === 20_000 ? x + 10 : x, plot.y + plot.height + 9);
    }
    context.textAlign = "right";
    for (const db of levelLines(axes)) {
        const y = Math.round(yOf(axes, db)) + 0.5;
        context.strokeStyle = themeColour(db === 0 ? "--grid-strong" : "--grid");
        line(context, plot.x, y, plot.x + plot.width, y);
        context.fillStyle = themeColour("--text-faint");
        context.fillText((db > 0 ? "+" : "") + String(db).replace("-", "−"), plot.x - 5, Math.max(y, plot.y + 5));
    }
    context.save();
    context.translate(8, plot.y + plot.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillText("dBFS", 0, 0);
    context.restore();
}

/** One curve, clipped to the plot. */
export function drawCurve(context: CanvasRenderingContext2D, axes: Axes, grid: Grid, curve: DrawnCurve): void {
    const { db, style } = curve;
    if (db.length < 2) return;
    context.save();
    context.beginPath();
    context.rect(axes.plot.x, axes.plot.y, axes.plot.width, axes.plot.height);
    context.clip();
    context.beginPath();
    for (let index = 0; index < db.length; index++) {
        const x = xOf(axes, hertzAt(grid, index));
        // Not held inside, or silence would draw a line along the edge.
        const y = axes.plot.y + (axes.plot.height * (axes.topDb - db[index])) / axes.spanDb;
        if (index === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
    }
    context.strokeStyle = themeColour(curve.colour);
    context.lineJoin = "round";
    context.lineWidth = style === "main" ? 1.75 : 1;
    context.globalAlpha = style === "main" ? 1 : style === "peak" ? 0.7 : 0.8;
    context.setLineDash(style === "reference" ? [5, 4] : style === "peak" ? [1.5, 2] : []);
    context.stroke();
    context.restore();
}

/** The vertical line of the cursor, and a dot where it meets each curve. */
export function drawCursor(
    context: CanvasRenderingContext2D, axes: Axes, hertz: number, dots: { db: number; colour: string }[],
): void {
    const x = Math.round(xOf(axes, hertz)) + 0.5;
    context.strokeStyle = themeColour("--text-dim");
    context.lineWidth = 1;
    line(context, x, axes.plot.y, x, axes.plot.y + axes.plot.height);
    for (const dot of dots) {
        context.fillStyle = themeColour(dot.colour);
        context.beginPath();
        context.arc(x, yOf(axes, dot.db), 3.5, 0, 2 * Math.PI);
        context.fill();
    }
}

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
}
