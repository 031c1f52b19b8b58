// The output's peak levels, behind master level and mute: a bar a channel, eight at most.
import { useEffect, useRef } from "react";
import { node } from "../../node/store";
import { onFrame } from "../loop";
import { placeOf } from "../taper";
import { themeColour } from "../theme";

/** How fast bars fall, dB a second, and how long a peak stays, ms. */
const fall = 24;
const hold = 1500;
const most = 8;
const period = 50;

interface Bar {
    level: number;
    peak: number;
    peakAt: number;
}

export function OutputMeter(): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    useEffect(() => {
        const end = node.subscribeMetrics([], period);
        let bars: Bar[] = [];
        let last = 0;
        let drawn = "";
        const stop = onFrame((now) => {
            const element = canvas.current;
            if (element === null) return;
            const elapsed = Math.min(0.2, (now - last) / 1000);
            last = now;
            const levels = node.getState().metrics?.outputPeakDb.slice(0, most) ?? [];
            bars = levels.map((level, channel) => advance(bars[channel], level, now, elapsed));
            drawn = draw(element, bars, drawn);
        });
        return () => {
            stop();
            end();
        };
    }, []);
    return <canvas ref={canvas} className="output-meter" role="img" aria-label="Output level" />;
}

function advance(bar: Bar | undefined, level: number, now: number, elapsed: number): Bar {
    const before = bar ?? { level: -140, peak: -140, peakAt: 0 };
    const next = { ...before, level: Math.max(level, before.level - fall * elapsed) };
    if (level >= next.peak || now - next.peakAt > hold) {
        next.peak = next.level;
        next.peakAt = now;
    }
    return next;
}

/** Draws only what differs from the picture before. */
function draw(canvas: HTMLCanvasElement, bars: Bar[], drawn: string): string {
    const ratio = devicePixelRatio;
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    const tops = bars.map((bar) => [bar.level, bar.peak].map((level) => Math.round(height * (1 - placeOf(level)))));
    const back = themeColour("--meter-back");
    const name = `${width} ${height} ${back} ${tops.join()}`;
    if (name === drawn) return drawn;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    if (context === null) return drawn;
    context.clearRect(0, 0, width, height);
    const count = Math.max(1, bars.length);
    const gap = Math.max(1, Math.round(ratio));
    const barWidth = Math.max(1, (width - gap * (count - 1)) / count);
    const red = Math.round(height * (1 - placeOf(0)));
    const yellow = Math.round(height * (1 - placeOf(-9)));
    for (let index = 0; index < count; index += 1) {
        const x = index * (barWidth + gap);
        context.fillStyle = back;
        context.fillRect(x, 0, barWidth, height);
        if (bars[index] === undefined) continue;
        const [top, peak] = tops[index];
        const parts: [string, number, number][] = [
            ["--meter-low", yellow, height], ["--meter-mid", red, yellow], ["--meter-high", 0, red],
        ];
        for (const [colour, from, to] of parts) {
            const begin = Math.max(top, from);
            if (begin >= to) continue;
            context.fillStyle = themeColour(colour);
            context.fillRect(x, begin, barWidth, to - begin);
        }
        if (bars[index].peak > -100) {
            context.fillStyle = themeColour(bars[index].peak > 0 ? "--meter-high" : "--meter-hold");
            context.fillRect(x, Math.max(0, peak - ratio), barWidth, Math.max(1, Math.round(ratio)));
        }
    }
    return name;
}
