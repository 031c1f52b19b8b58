// The curves that an import would give.
import { useEffect, useRef } from "react";
import { onTheme, themeColour } from "../frame/theme";
import type { Band } from "./bands";
import { design } from "./biquad";
import { bandColour } from "./handles";
import { paintGrid, prepared } from "./paint";
import { highestHz, lowestHz, plotOf, xOf, yOf } from "./plot";
import { logGrid, seriesMagnitude } from "./response";
import type { EqModel } from "./model";

/** Draws the sum of each channel's bands. */
export function PreviewCurve({ model, channels }: { model: EqModel; channels: ReadonlyMap<number, readonly Band[]> }): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    useEffect(() => {
        const element = canvas.current;
        if (!element) return undefined;
        const draw = (): void => {
            const { clientWidth: width, clientHeight: height } = element;
            const context = prepared(element, width, height);
            if (!context || width < 2) return;
            const grid = logGrid(model.sampleRate, lowestHz, Math.min(highestHz, 0.4999 * model.sampleRate), 400);
            const sums = [...channels].map(([channel, bands]) => ({
                channel,
                db: seriesMagnitude(bands.filter((b) => b.isEnabled).map((b) => design(b, model.sampleRate)), grid),
            }));
            let most = 0;
            for (const { db } of sums) {
                for (const value of db) if (value > -40) most = Math.max(most, Math.abs(value));
            }
            const plot = plotOf(width, height, [6, 12, 18, 30].find((range) => range >= most) ?? 30);
            paintGrid(context, plot, { kind: "none", range: 180 }, false);
            // The next picture is not to be cleared within the plot only.
            context.save();
            context.beginPath();
            context.rect(plot.left, plot.top, plot.width, plot.height);
            context.clip();
            for (const { channel, db } of sums) {
                context.beginPath();
                db.forEach((value, i) => context.lineTo(xOf(plot, grid.frequencies[i]), yOf(plot, Math.max(-120, value))));
                context.strokeStyle = themeColour(sums.length > 1 ? bandColour(channel) : "--curve");
                context.lineWidth = 1.8;
                context.stroke();
            }
            context.restore();
        };
        draw();
        const sizes = new ResizeObserver(draw);
        sizes.observe(element);
        const forget = onTheme(draw);
        return () => {
            sizes.disconnect();
            forget();
        };
    });
    const names = [...channels.keys()].map((channel) => channel + 1).join(", ");
    return <canvas ref={canvas} className="eq-preview" role="img" aria-label={`Resulting curve of channel ${names}`} />;
}
