// The measured, the target and the predicted curve.
import { useEffect, useRef } from "react";
import { plotOf, xOf, yOf, type Plot } from "../../eq/plot";
import { page } from "../page";
import { meanLevel, type Curve } from "./curve";
import type { FitResult } from "./result";
import { levelRange, usualRange } from "./scale";

/** What the curves look like. */
const looks = {
    measured: { title: "Measured", colour: "--port-mono", width: 1.4, dash: [] as number[] },
    target: { title: "Target", colour: "--signal-alt", width: 1.6, dash: [6, 4] },
    predicted: { title: "Predicted", colour: "--curve", width: 2.2, dash: [] as number[] },
} as const;

type CurveName = keyof typeof looks;

export function FitPlot({ measured, result }: { measured: Curve | undefined; result: FitResult | undefined }): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    const [low, high] = result?.range ?? usualRange;
    const shown = result?.measured ?? measured;
    const zero = shown === undefined ? 0 : meanLevel(result ? { freqs: shown.freqs, db: result.target } : shown, low, high);
    const curves: [CurveName, readonly number[]][] = shown === undefined ? [] : [
        ["measured", shown.db],
        ...(result ? [["target", result.target], ["predicted", result.predicted]] as [CurveName, number[]][] : []),
    ];
    useEffect(() => {
        const element = canvas.current;
        if (!element) return undefined;
        const draw = (): void => {
            const { clientWidth: width, clientHeight: height } = element;
            const context = page.prepared(element, width, height);
            if (!context || width < 2) return;
            const range = shown === undefined ? 12 : levelRange(shown.freqs, curves.map(([, db]) => db), zero, low, high);
            const plot = plotOf(width, height, range);
            page.paintGrid(context, plot, { kind: "none", range: 180 }, false);
            if (shown === undefined) return;
            context.save();
            context.beginPath();
            context.rect(plot.left, plot.top, plot.width, plot.height);
            context.clip();
            if (result) paintRange(context, plot, low, high);
            // The target lies on top: a good prediction would hide it.
            for (const [name, db] of [...curves].sort(([a], [b]) => Number(a === "target") - Number(b === "target"))) {
                const { colour, width: lineWidth, dash } = looks[name];
                context.beginPath();
                db.forEach((value, i) => context.lineTo(xOf(plot, shown.freqs[i]), yOf(plot, value - zero)));
                context.setLineDash(dash);
                context.strokeStyle = page.themeColour(colour);
                context.lineWidth = lineWidth;
                context.stroke();
            }
            context.restore();
        };
        draw();
        const sizes = new ResizeObserver(draw);
        sizes.observe(element);
        const forget = page.onTheme(draw);
        return () => {
            sizes.disconnect();
            forget();
        };
    });
    return (
        <figure className="auto-eq-figure">
            <canvas ref={canvas} className="eq-preview" role="img" aria-label={labelOf(curves.map(([name]) => looks[name].title))} />
            <figcaption>
                <ul aria-label="Curves">
                    {curves.map(([name]) => (
                        <li key={name} data-curve={name}>
                            <i className={`auto-eq-line ${name}`} aria-hidden="true" />{looks[name].title}
                        </li>
                    ))}
                </ul>
                {shown !== undefined && <span className="dim">dB over Hz; 0 dB is {zero.toFixed(1)} dB of the measurement</span>}
            </figcaption>
        </figure>
    );
}

function labelOf(titles: readonly string[]): string {
    return titles.length === 0 ? "No curve yet" : `Curves, level in dB over frequency in Hz: ${titles.join(", ")}`;
}

/** What was not fitted lies behind a veil. */
function paintRange(context: CanvasRenderingContext2D, plot: Plot, low: number, high: number): void {
    context.fillStyle = page.themeColour("--grid");
    context.globalAlpha = 0.7;
    context.fillRect(plot.left, plot.top, Math.max(0, xOf(plot, low) - plot.left), plot.height);
    context.fillRect(xOf(plot, high), plot.top, plot.width, plot.height);
    context.globalAlpha = 1;
}
