import { KeyboardEvent, PointerEvent, useEffect, useRef, useState } from "react";
import { onFrame } from "../frame/loop";
import { onTheme } from "../frame/theme";
import { decibelText } from "./decibels";
import { MeterPicture, drawBar, drawCursor, drawFixed, drawNumbers } from "./draw";
import { LayoutSource, MeterLayout, channelAt, channelsOf, horizontalLayout, verticalLayout } from "./layout";
import { MeterSource } from "./sources";
import { bank, meters } from "./state";

/** Time between two changes of the numbers, so that they can be read; milliseconds. */
const numbersMs = 250;

/** All meters on one canvas, drawn in the page's animation loop and without React. */
export function MeterCanvas({ sources }: { sources: MeterSource[] }): JSX.Element {
    const canvas = useRef<HTMLCanvasElement>(null);
    const shown = useRef(sources);
    shown.current = sources;
    const layout = useRef<MeterLayout | null>(null);
    const cursor = useRef<number | null>(null);
    const isStale = useRef(true);
    const [said, setSaid] = useState("");

    useEffect(() => {
        const element = canvas.current;
        const context = element?.getContext("2d");
        const frame = element?.parentElement;
        if (!element || !context || !frame) return undefined;
        let shape = "";
        let numbersAt = 0;
        const stopTheme = onTheme(() => { isStale.current = true; });
        const draw = (now: number) => {
            const width = frame.clientWidth;
            const height = frame.clientHeight;
            if (width === 0 || height === 0) return;
            const settings = meters.getState();
            const wanted = shapeOf(shown.current, width, height);
            if (wanted !== shape || isStale.current) {
                shape = wanted;
                isStale.current = false;
                const made = layoutOf(shown.current, width, height);
                layout.current = made;
                fit(element, context, made);
                drawFixed({ context, layout: made, floor: settings.floor, isHorizontal: settings.isHorizontal });
                numbersAt = 0;
            }
            const present = layout.current;
            if (!present) return;
            const { floor, isHorizontal } = settings;
            const picture: MeterPicture = { context, layout: present, floor, isHorizontal };
            const writesNumbers = now - numbersAt >= numbersMs;
            if (writesNumbers) numbersAt = now;
            for (const group of present.groups) {
                const channels = bank.channels(group.source);
                for (const box of group.channels) {
                    const meter = channels[box.channel];
                    if (!meter) continue;
                    drawBar(picture, box, meter, settings.holdSeconds > 0);
                    if (writesNumbers) drawNumbers(picture, box, meter);
                }
            }
            const chosen = cursor.current === null ? undefined : channelsOf(present)[cursor.current];
            if (chosen) drawCursor(picture, chosen);
        };
        const stopFrames = onFrame(draw);
        return () => {
            stopFrames();
            stopTheme();
        };
    }, []);

    const press = (event: PointerEvent<HTMLCanvasElement>) => {
        if (event.button !== 0 || !layout.current) return;
        const at = event.currentTarget.getBoundingClientRect();
        const box = channelAt(layout.current, event.clientX - at.left, event.clientY - at.top);
        if (event.shiftKey) bank.clear();
        else if (box) bank.clear(box.source, box.channel);
    };

    const move = (event: KeyboardEvent<HTMLCanvasElement>) => {
        if (!layout.current || event.ctrlKey || event.altKey || event.metaKey) return;
        const boxes = channelsOf(layout.current);
        const last = boxes.length - 1;
        if (last < 0) return;
        const present = Math.min(cursor.current ?? 0, last);
        const places: Record<string, number> = {
            ArrowRight: present + 1, ArrowDown: present + 1, ArrowLeft: present - 1, ArrowUp: present - 1,
            Home: 0, End: last,
        };
        if (event.key in places) {
            point(Math.min(last, Math.max(0, places[event.key])));
        } else if (event.key === "Enter" || event.key === "Delete") {
            if (event.shiftKey) bank.clear();
            else bank.clear(boxes[present].source, boxes[present].channel);
            point(present);
        } else {
            return;
        }
        event.preventDefault();
        event.stopPropagation();
    };

    const point = (index: number | null) => {
        cursor.current = index;
        isStale.current = true;
        const box = index === null || !layout.current ? undefined : channelsOf(layout.current)[index];
        const meter = box && bank.channels(box.source)[box.channel];
        const label = shown.current.find((source) => source.id === box?.source)?.label;
        setSaid(box && meter
            ? `${label}, channel ${box.channel + 1}: peak ${decibelText(meter.holdDb)}, `
                + `RMS ${decibelText(meter.rmsDb)} dBFS${meter.clipped ? ", clipped" : ""}`
            : "");
    };

    return (
        <div className="meter-frame">
            <canvas
                ref={canvas} tabIndex={0} role="application" onPointerDown={press} onKeyDown={move}
                onFocus={(event) => {
                    if (event.currentTarget.matches(":focus-visible")) point(0);
                }}
                onBlur={() => point(null)}
                aria-label={"Level meters. Arrow keys go from channel to channel, Enter clears a channel's clip light "
                    + "and hold, Shift with Enter all. The table has the same numbers."}
                data-channels={sources.length}
            />
            <div className="hidden-text" aria-live="polite">{said}</div>
        </div>
    );
}

/** What the picture that stays depends on, as a text. */
function shapeOf(sources: MeterSource[], width: number, height: number): string {
    const { floor, isHorizontal } = meters.getState();
    const parts = sources.map((source) => `${source.id}/${source.label}/${bank.channels(source.id).length}`);
    return `${width} ${height} ${floor} ${isHorizontal} ${devicePixelRatio} ${parts.join(" ")}`;
}

function layoutOf(sources: MeterSource[], width: number, height: number): MeterLayout {
    const items = sources.map((source): LayoutSource => ({
        id: source.id, label: source.label, channels: bank.channels(source.id).length,
    }));
    const lay = meters.getState().isHorizontal ? horizontalLayout : verticalLayout;
    return lay(items, width, height);
}

function fit(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, layout: MeterLayout): void {
    const ratio = devicePixelRatio || 1;
    canvas.width = Math.round(layout.width * ratio);
    canvas.height = Math.round(layout.height * ratio);
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
}
